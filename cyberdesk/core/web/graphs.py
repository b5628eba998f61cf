"""A playbook drawn from top to bottom, coloured as it runs. `layers.py` says in which order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Any, NamedTuple
from zlib import crc32

from cyberdesk.core.web.layers import BEND, Edge, chain_of, layers, ordered, returning, rows_of

BOX, TALL, ACROSS, DOWN = 204, 56, 26, 44
_LETTERS = 23  # what fits on a line of a box
_NEARER = 0.7
_LETTER = 6.4  # how wide one is beside an arrow
_LANE = 14  # between two ways back
_TURN = 8  # the radius of their corners
_SHEET = 9  # rows on a sheet of paper
Spot = tuple[float, float]  # the left top of a box, the top of a bend


class Band(NamedTuple):
    """What of a picture one sheet of paper shows."""

    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    lines: tuple[str, ...]
    step: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Arrow:
    path: str
    head: str  # the outline of its point
    label: str
    label_x: float
    label_y: float
    walked: bool  # both of its ends are done or under way
    back: bool  # returns to an earlier step


@dataclass(frozen=True, slots=True)
class Graph:
    name: str  # tells it from the others on its page
    left: float  # a label may begin left of every box
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    sheets: tuple[Band, ...]


_WALKED = {"done", "now", "late", "waiting", "failed"}


def draw_graph(steps: Sequence[Mapping[str, Any]], edges: Sequence[Sequence[str]]) -> Graph:
    """Lay out steps `{id, title, state, href}` and edges `(from, to)` or `(from, to, label)`."""
    by_id = {step["id"]: step for step in steps}
    known = [edge for edge in edges if edge[0] in by_id and edge[1] in by_id]
    back = returning(list(by_id), [(e[0], e[1]) for e in known])
    down = [(e[0], e[1]) for e in known if (e[0], e[1]) not in back]
    layer = layers(list(by_id), down)
    chains = {edge: chain_of(edge, layer) for edge in down}
    rows = ordered(rows_of(by_id, layer, chains), chains)
    top = DOWN / 2 if back else 0.0  # room for a way back above the first row
    spot = _spots(rows, [tie for chain in chains.values() for tie in pairwise(chain)], top)
    lanes = Lanes(rows, spot, layer)
    boxes = tuple(
        Box(
            *spot[name],
            tuple(wrap(str(step["title"]), _letters(step), max_lines=2, placeholder="…")),
            step,
        )
        for name, step in by_id.items()
    )
    arrows = tuple(_arrow(edge, chains, spot, by_id, lanes) for edge in known)
    ends = [a.label_x + side * _half(a.label) for a in arrows if a.label for side in (-1, 1)]
    left = min([0.0, *ends])
    right = max([lanes.right, *ends])
    height = len(rows) * (TALL + DOWN) - DOWN + 2 * top
    name = f"graph-{crc32(repr((steps, edges)).encode()):08x}"
    sheets = tuple(_sheets(len(rows), top))
    return Graph(name, left, right - left, height, boxes, arrows, sheets)


def _half(label: str) -> float:
    return len(label) * _LETTER / 2


def _sheets(rows: int, top: float) -> Iterator[Band]:
    """Cut between rows, so that no box is torn by the edge of a sheet."""
    for first in range(0, rows, _SHEET):
        count = min(_SHEET, rows - first)
        yield Band(top + first * (TALL + DOWN) - DOWN / 2, count * (TALL + DOWN))


def _letters(step: Mapping[str, Any]) -> int:
    """The sign of a state takes room from the words."""
    return _LETTERS if step.get("state", "todo") == "todo" else _LETTERS - 3


def _spots(rows: Sequence[Sequence[str]], ties: Iterable[Edge], top: float) -> dict[str, Spot]:
    """Centre every row, then let each place slide under what leads to it."""
    above: dict[str, list[str]] = defaultdict(list)
    for upper, lower in ties:
        above[lower].append(upper)
    middle: dict[str, float] = {}
    for row in rows:
        _centre(row, middle)
        _slide(row, middle, above)
    left = min((middle[name] - _room(name) / 2 for name in middle), default=0)
    return {
        name: (middle[name] - left - (0 if BEND in name else BOX / 2), top + n * (TALL + DOWN))
        for n, row in enumerate(rows)
        for name in row
    }


def _room(name: str) -> int:
    """A bend of a long edge takes little room."""
    return ACROSS if BEND in name else BOX


def _centre(row: Sequence[str], middle: dict[str, float]) -> None:
    x = -(sum(map(_room, row)) + ACROSS * (len(row) - 1)) / 2
    for name in row:
        middle[name] = x + _room(name) / 2
        x += _room(name) + ACROSS


def _slide(
    row: Sequence[str], middle: dict[str, float], above: Mapping[str, Sequence[str]]
) -> None:
    """Move right, then left, as far as the neighbours allow."""
    wish = {name: _mean([middle[one] for one in above[name]], middle[name]) for name in row}
    for side, order in ((1, row[::-1]), (-1, row)):
        limit = float("inf")
        for name in order:
            here = side * middle[name]
            middle[name] = side * max(here, min(side * wish[name], limit - _room(name) / 2))
            limit = side * middle[name] - _room(name) / 2 - ACROSS


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


class Lanes:
    """Where ways back run: right of all that stands in the rows that they pass."""

    def __init__(
        self, rows: Sequence[Sequence[str]], spot: Mapping[str, Spot], layer: Mapping[str, int]
    ) -> None:
        self.spot, self.layer, self.taken = spot, layer, 0
        self.edges = [max((_right(name, spot) for name in row), default=0) for row in rows]
        self.right = max(self.edges, default=0.0)

    def back(self, source: str, target: str) -> tuple[str, str, float]:
        """Return a way from `source` up to `target`, its point and its lane.

        It leaves and comes in at the side where nothing stands beside, else between two rows.
        """
        first, last = sorted((self.layer[source], self.layer[target]))
        lane = max(self.edges[first : last + 1]) + ACROSS + _LANE * self.taken
        self.taken += 1
        self.right = max(self.right, lane)
        (x, y), (to_x, to_y) = self.spot[source], self.spot[target]
        if self._outermost(source):
            down, path = y + TALL / 2, f"M{x + BOX:.1f} {y + TALL / 2:.1f}"
        else:
            x, down = x + 0.75 * BOX, y + TALL + DOWN / 3
            path = f"M{x:.1f} {y + TALL:.1f}V{down - _TURN:.1f}q0 {_TURN} {_TURN} {_TURN}"
        if self._outermost(target):
            up, to_x = to_y + TALL / 2, to_x + BOX
            end, head = f"H{to_x:.1f}", _leftwards(to_x, up)
        else:
            to_x, up = to_x + 0.75 * BOX, to_y - DOWN / 3
            end = f"H{to_x + _TURN:.1f}q{-_TURN} 0 {-_TURN} {_TURN}V{to_y:.1f}"
            head = _point(to_x, to_y)
        path += f"H{lane - _TURN:.1f}q{_TURN} 0 {_TURN} {-_TURN}V{up + _TURN:.1f}"
        return f"{path}q0 {-_TURN} {-_TURN} {-_TURN}{end}", head, lane

    def _outermost(self, name: str) -> bool:
        return _right(name, self.spot) >= self.edges[self.layer[name]]


def _right(name: str, spot: Mapping[str, Spot]) -> float:
    return spot[name][0] + (0 if BEND in name else BOX)


def _point(x: float, y: float) -> str:
    """The point of an arrow that comes down to (x, y)."""
    return f"M{x:.1f} {y:.1f}l-5 -9h10z"


def _leftwards(x: float, y: float) -> str:
    return f"M{x:.1f} {y:.1f}l9 -5v10z"


def _arrow(
    edge: Sequence[str],
    chains: Mapping[Edge, list[str]],
    spot: Mapping[str, Spot],
    steps: Mapping[str, Mapping[str, Any]],
    lanes: Lanes,
) -> Arrow:
    source, target = edge[0], edge[1]
    label = str(edge[2]) if len(edge) > 2 else ""  # noqa: PLR2004 - the label comes third
    walked = all(steps[name].get("state") in _WALKED for name in (source, target))
    chain = chains.get((source, target))
    if chain is None:
        path, head, lane = lanes.back(source, target)
        beside = lane + 6 + _half(label)
        height = _mid(spot[source][1], spot[target][1]) + TALL / 2
        return Arrow(path, head, label, beside, height, walked, True)
    x, y = spot[source]
    next_x = spot[chain[1]][0] + (0 if BEND in chain[1] else BOX / 2)
    # Nearer to where it leads than to where it comes from: there is room for each label.
    label_x = round(x + BOX / 2 + _NEARER * (next_x - x - BOX / 2), 1)
    label_y = y + TALL + DOWN / 2 + 4  # clear of the point
    to_x, to_y = spot[target]
    head = _point(to_x + BOX / 2, to_y)
    return Arrow(_downwards(chain, spot), head, label, label_x, label_y, walked, False)


def _mid(one: float, other: float) -> float:
    return round((one + other) / 2, 1)


def _downwards(chain: Sequence[str], spot: Mapping[str, Spot]) -> str:
    """One curve from box to box, straight through the places kept for it between."""
    x, y = spot[chain[0]][0] + BOX / 2, spot[chain[0]][1] + TALL
    path = f"M{x:.1f} {y:.1f}"
    for name in chain[1:]:
        bend = BEND in name
        to_x, to_y = spot[name][0] + (0 if bend else BOX / 2), spot[name][1]
        half = (to_y - y) / 2
        path += f"C{x:.1f} {y + half:.1f} {to_x:.1f} {to_y - half:.1f} {to_x:.1f} {to_y:.1f}"
        if bend:
            path += f"V{to_y + TALL:.1f}"
        x, y = to_x, to_y + TALL
    return path

"""A playbook drawn from top to bottom, coloured as it runs. `layers.py` says in which order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from typing import Any

from cyberdesk.core.web.layers import BEND, Edge, chain_of, layers, ordered, returning, rows_of

BOX, TALL, ACROSS, DOWN = 204, 56, 26, 44
_LETTERS = 24  # what fits on a line of a box
_NEARER = 0.7
Spot = tuple[float, float]  # the left top of a box, the top of a bend


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    lines: tuple[str, ...]
    step: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Arrow:
    path: str
    label: str
    label_x: float
    label_y: float
    walked: bool  # both of its ends are done or under way
    back: bool  # returns to an earlier step


@dataclass(frozen=True, slots=True)
class Graph:
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


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
    spot = _spots(rows, [tie for chain in chains.values() for tie in pairwise(chain)])
    boxes = tuple(
        Box(
            *spot[name],
            tuple(wrap(str(step["title"]), _letters(step), max_lines=2, placeholder="…")),
            step,
        )
        for name, step in by_id.items()
    )
    arrows = tuple(_arrow(edge, chains, spot, by_id) for edge in known)
    width = max((x + (0 if BEND in name else BOX) for name, (x, _) in spot.items()), default=0)
    return Graph(width, len(rows) * (TALL + DOWN) - DOWN, boxes, arrows)


def _letters(step: Mapping[str, Any]) -> int:
    """The sign of a state takes room from the words."""
    return _LETTERS if step.get("state", "todo") == "todo" else _LETTERS - 3


def _spots(rows: Sequence[Sequence[str]], ties: Iterable[Edge]) -> dict[str, Spot]:
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
        name: (middle[name] - left - (0 if BEND in name else BOX / 2), float(n * (TALL + DOWN)))
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


def _arrow(
    edge: Sequence[str],
    chains: Mapping[Edge, list[str]],
    spot: Mapping[str, Spot],
    steps: Mapping[str, Mapping[str, Any]],
) -> Arrow:
    source, target = edge[0], edge[1]
    label = str(edge[2]) if len(edge) > 2 else ""  # noqa: PLR2004 - the label comes third
    walked = all(steps[name].get("state") in _WALKED for name in (source, target))
    chain = chains.get((source, target))
    if chain is None:
        (x, y), (to_x, to_y) = spot[source], spot[target]
        far = max(x, to_x) + BOX + 0.7 * ACROSS
        return Arrow(_upwards((x, y), (to_x, to_y)), label, far, _mid(y, to_y) + 32, walked, True)
    x, y = spot[source]
    next_x = spot[chain[1]][0] + (0 if BEND in chain[1] else BOX / 2)
    # Nearer to where it leads than to where it comes from: there is room for each label.
    label_x = round(x + BOX / 2 + _NEARER * (next_x - x - BOX / 2), 1)
    label_y = y + TALL + _NEARER * DOWN + 4
    return Arrow(_downwards(chain, spot), label, label_x, label_y, walked, False)


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


def _upwards(source: Spot, target: Spot) -> str:
    """A way back leaves on the right and comes in on the right."""
    x, y = source[0] + BOX, source[1] + TALL / 2
    to_x, to_y = target[0] + BOX, target[1] + TALL / 2
    out = max(x, to_x) + ACROSS
    return f"M{x:.1f} {y:.1f}C{out:.1f} {y:.1f} {out:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"

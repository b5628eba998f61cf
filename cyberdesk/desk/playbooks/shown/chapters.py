"""A large playbook in pieces that fit a screen.

What runs beside something else, and is long, is a chapter of its own; where it begins, one box
stands for all of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from cyberdesk.desk.playbooks.shown.plan import Item, Plan, Way, walk
from cyberdesk.desk.playbooks.steps import End, Parallel, Step, Task, While

MUCH = 8  # steps side by side that one picture takes
_FEW = 2  # a strand no longer than this is drawn where it begins

Edge = tuple[str, str, str]  # from, to, why: "" or a way's name with its owner's id before a bar


@dataclass(slots=True)
class Chapter:
    """A part of the plan with a picture of its own. `name` is unique in its playbook."""

    name: str
    items: list[Item]
    way: Way | None = None  # the strand that it is
    nodes: list[Item | Way] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)


def chapters(plan: Plan, drawn: Callable[[Way], bool] = lambda _way: False) -> list[Chapter]:
    """Return the chapters of `plan`, the first one being where it starts.

    `drawn` says which ways out of the usual course are worth a picture: those that were taken.
    """
    found: list[Chapter] = []
    _open(Chapter("", plan.main), found, drawn)
    if plan.exception:
        _open(Chapter("exception", plan.exception), found, drawn)
    return found


def split(item: Item) -> list[Way]:
    """Return the strands of a step that are chapters of their own."""
    if not isinstance(item.step, Parallel):
        return []
    inside = sum(1 for way in item.branches for _one in walk(way.items, sides=False))
    if inside <= MUCH:
        return []
    return [w for w in item.branches if sum(1 for _ in walk(w.items, sides=False)) > _FEW]


def name_of(way: Way) -> str:
    """Name the chapter of a strand: by the step it begins with, which is unique."""
    return way.items[0].step.id.partition("--")[2] or way.items[0].step.id


def box_of(way: Way) -> str:
    """Name the box that stands for a strand which is a chapter of its own."""
    return f"chapter-{name_of(way)}"


def heading(way: Way) -> Step:
    """Return the step whose title tells best what a strand is about: its first task."""
    inside = [item.step for item in walk(way.items, sides=False)]
    return next((step for step in inside if isinstance(step, Task)), inside[0])


def _open(chapter: Chapter, found: list[Chapter], drawn: Callable[[Way], bool]) -> None:
    found.append(chapter)
    drawing = _Drawing(chapter, drawn)
    drawing.course(chapter.items, [])
    for way in drawing.left:
        _open(Chapter(name_of(way), way.items, way), found, drawn)


Exits = list[tuple[str, str]]


class _Drawing:
    """Lays the boxes and arrows of one chapter. An exit is (box, why): what leads on from it."""

    def __init__(self, chapter: Chapter, drawn: Callable[[Way], bool]) -> None:
        self.chapter, self.drawn = chapter, drawn
        self.left: list[Way] = []

    def course(self, items: list[Item], exits: Exits) -> Exits:
        for item in items:
            self.chapter.nodes.append(item)
            self.chapter.edges += [(box, item.step.id, why) for box, why in exits]
            exits = [*self._exits(item), *self._sides(item)]
        return exits

    def _exits(self, item: Item) -> Exits:
        here = item.step.id
        if isinstance(item.step, End):
            return []
        if isinstance(item.step, While):
            for way in item.branches:
                after = self.course(way.items, [(here, way.why)])
                self.chapter.edges += [(box, here, "") for box, _why in after]
            return [(here, "")]
        return list(self._branches(item)) if item.branches else [(here, "")]

    def _branches(self, item: Item) -> Iterator[tuple[str, str]]:
        apart = split(item)
        for way in item.branches:
            if any(way is one for one in apart):
                box = box_of(way)
                self.chapter.nodes.append(way)
                self.chapter.edges.append((item.step.id, box, way.why))
                self.left.append(way)
                yield box, ""
            else:
                yield from self.course(way.items, [(item.step.id, way.why)])

    def _sides(self, item: Item) -> Iterator[tuple[str, str]]:
        """What was done otherwise leads back into the course; a breach runs beside it."""
        for way in item.sides:
            if way.items and self.drawn(way):
                exits = self.course(way.items, [(item.step.id, way.why)])
                if way.why not in ("breach", "undo"):
                    yield from exits

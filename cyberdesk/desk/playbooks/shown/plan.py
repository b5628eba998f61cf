"""The plan of a playbook: its steps in the order in which they are read, branches below them.

CACAO is a graph; people read a list. A step stands where the usual course comes to it; what leads
to it from elsewhere only points there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from cyberdesk.desk.playbooks.graph import Edge, edges
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.steps import End, Start, Step

# Ways out of the usual course: taken when something does not go as hoped.
SIDE = ("undecided", "impossible", "unknown", "breach", "timeout", "failure", "undo")


@dataclass(slots=True, eq=False)
class Item:
    """A step and what hangs below it."""

    step: Step
    ways: list["Way"] = field(default_factory=list)

    @property
    def branches(self) -> list["Way"]:
        """The ways of the usual course: strands, cases, rounds."""
        return [way for way in self.ways if not way.side]

    @property
    def sides(self) -> list["Way"]:
        return [way for way in self.ways if way.side]


@dataclass(slots=True, eq=False)
class Way:
    """A branch: `why` as in graph.Edge; `to` is the step it goes on at, shown elsewhere."""

    why: str
    items: list[Item]
    to: str | None = None

    @property
    def side(self) -> bool:
        return self.why in SIDE


@dataclass(slots=True)
class Plan:
    main: list[Item]
    exception: list[Item]

    def walk(self) -> Iterator[Item]:
        """Yield every item, each before what hangs below it."""
        yield from walk([*self.main, *self.exception])


def walk(items: list[Item], *, sides: bool = True) -> Iterator[Item]:
    for item in items:
        yield item
        for way in item.ways:
            if sides or not way.side:
                yield from walk(way.items, sides=sides)


def plan(program: Program) -> Plan:
    """Return the plan of `program`; each step stands in it once."""
    reader = _Reader(program)
    main, _to = reader.course(program.start)
    exception, _to = reader.course(program.exception)
    reader.add_sides([*main, *exception])
    return Plan(main, exception)


@lru_cache(maxsize=64)
def plan_of(version: str) -> Plan:
    """Return the plan of the version with this hash. It is shared: read it, change nothing."""
    return plan(shelf[version])


class _Reader:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.seen: set[str] = set()

    def course(self, start: str | None) -> tuple[list[Item], str | None]:
        """Return the steps from `start` on, with their branches, and where they then lead."""
        chain: list[Step] = []
        here = start
        while here is not None and here in self.program.steps and here not in self.seen:
            self.seen.add(here)
            chain.append(self.program.steps[here])
            here = chain[-1].next
        items = [self._item(step) for step in chain if _is_read(step)]
        return items, here

    def _item(self, step: Step) -> Item:
        ways = [self._way(edge) for edge in edges(step) if edge.why not in (*SIDE, "next")]
        return Item(step, ways)

    def _way(self, edge: Edge) -> Way:
        items, to = self.course(edge.end)
        return Way(edge.why, items, to)

    def add_sides(self, items: list[Item]) -> None:
        """Add what happens otherwise, once the usual course has its place."""
        for item in items:
            for way in item.branches:
                self.add_sides(way.items)
            for edge in edges(item.step):
                if edge.why in SIDE:
                    item.ways.append(side := self._way(edge))
                    self.add_sides(side.items)


def _is_read(step: Step) -> bool:
    """A start, and the end of a branch alone, say nothing to people."""
    return not isinstance(step, Start) and not (isinstance(step, End) and not step.final)

"""Lays blocks out as a CACAO workflow: ids, successors, ends.

A block is *framed* when CACAO has the owner wait for the block's own `end` (branches of a
condition, strands, rounds, and in our extension breach, undo and exception). It is *joined* when
its last step simply goes on where its owner would have (on_failure, on_timeout, impossible…).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cyberdesk.desk.playbooks.language.cacao import EXTENSION, step_id
from cyberdesk.desk.playbooks.language.findings import Place
from cyberdesk.desk.playbooks.language.outline import Block, Jump, Outline, Route, StepSource
from cyberdesk.desk.playbooks.language.reading import Reading
from cyberdesk.desk.playbooks.language.standing import Both
from cyberdesk.desk.playbooks.language.variables import walk

MOST_STEPS = 500
_TYPES = {
    "task": "action",
    "do": "action",
    "wait": "action",
    "if": "if-condition",
    "switch": "switch-condition",
    "while": "while-condition",
    "parallel": "parallel",
    "playbook": "playbook-action",
    "end": "end",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a step stands: what follows it, which end closes its frame, what it may jump to."""

    key: str
    id: str
    place: Place
    next: str
    frame_end: str
    prefix: str
    ahead: dict[str, str]
    phase: str | None = None
    beside: bool = False  # in a strand or a breach branch: others run meanwhile
    unfolding: tuple[str, ...] = ()
    stands_for: Both | None = None  # what the step asked for whose branch this is


Emit = Callable[["Layout", StepSource, Spot], dict[str, Any]]


class Layout:
    """Collects the workflow; `emit` turns one step into its CACAO object."""

    def __init__(self, outline: Outline, reading: Reading, emit: Emit) -> None:
        self.name = outline.head["playbook"]
        self.branches, self.reading, self.emit = outline.branches, reading, emit
        self.written = {step.key for step in walk(outline)}
        self.workflow: dict[str, dict[str, Any]] = {}
        self.places: dict[str, Place] = {}
        self.names: dict[str, Place] = {}
        self.full = False

    def whole(self, steps: Block) -> str:
        """Lay out the main block; return the id of the start step."""
        start = step_id("start", self.name, "start")
        self.workflow[start] = {}
        begin = self.block(steps, self._root(steps.place))
        held = {EXTENSION: {"key": "start", "kind": "start"}}
        self.workflow[start] = {"type": "start", "on_completion": begin, "step_extensions": held}
        return start

    def beside(self, route: Route, name: str) -> str:
        """Lay out a block that hangs on the playbook itself; return where it begins."""
        return self.frame(route, self._root(route.place), name, beside=True)

    def _root(self, place: Place) -> Spot:
        last = self.end("end", place, outcome="done")
        return Spot("", "", place, last, last, "", {})

    def frame(self, route: Route, owner: Spot, name: str, *, beside: bool | None = None) -> str:
        """Lay out a block that ends by its own `end`; return where it begins."""
        last = self.end(f"{owner.key}.{name}.end".lstrip("."), owner.place)
        side = owner.beside if beside is None else beside
        return self.route(
            route, replace(owner, next=last, frame_end=last, ahead={}, beside=side), name
        )

    def route(self, route: Route, owner: Spot, name: str) -> str:
        """Return the step that `route` leads to, laying out its block when it has one."""
        if isinstance(route, Block):
            return self.block(route, owner)
        if route.to == "next":
            return owner.next
        if route.to == "end":
            return self._terminal(route, owner)
        if route.to in owner.ahead:
            return owner.ahead[route.to]
        return self._branch(route, owner, name)

    def block(self, block: Block, owner: Spot) -> str:
        """Lay out the steps in their order; return the id of the first."""
        ids = {step.key: self._id(step, owner.prefix) for step in block.steps}
        order = [*ids.values(), owner.next]
        for index, step in enumerate(block.steps):
            ahead = dict(list(ids.items())[index + 1 :])
            spot = replace(
                owner,
                key=owner.prefix + step.key,
                id=ids[step.key],
                place=step.place,
                next=order[index + 1],
                ahead=ahead,
                phase=step.fields.get("phase", owner.phase),
            )
            self._place(step, self._moved(step, spot))
        return order[0]

    def end(self, key: str, place: Place, **extension: Any) -> str:
        """Add an `end` step; return its id."""
        identifier = step_id("end", self.name, key)
        held = {"key": key, "kind": "end", **extension}
        self.workflow[identifier] = {"type": "end", "step_extensions": {EXTENSION: held}}
        self.places[identifier] = place
        return identifier

    def _place(self, step: StepSource, spot: Spot) -> None:
        if len(self.workflow) >= MOST_STEPS:
            if not self.full:
                self.reading.fault("too-many-steps", step.place, limit=MOST_STEPS)
            self.full = True
            return
        first = self.names.setdefault(spot.key, step.place)
        if first is not step.place:
            self.reading.fault("duplicate-step", step.place, key=step.key, first=first.line)
            return
        self.places[spot.id] = step.place
        self.workflow[spot.id] = {}  # keeps its place in the order written
        self.workflow[spot.id] = self.emit(self, step, spot)

    def _moved(self, step: StepSource, spot: Spot) -> Spot:
        to = step.fields.get("then")
        if step.kind in ("if", "while") or not isinstance(to, str) or to == "next":
            return spot
        return replace(spot, next=self.route(Jump(to, step.place), spot, "then"))

    def _id(self, step: StepSource, prefix: str) -> str:
        return step_id(_TYPES[step.kind], self.name, prefix + step.key)

    def _terminal(self, route: Jump, owner: Spot) -> str:
        if owner.beside:
            self.reading.fault("end-in-strand", route.place)
        return self.end("end.now", owner.place, outcome="done", ends="playbook")

    def _branch(self, route: Jump, owner: Spot, name: str) -> str:
        block = self.branches.get(route.to)
        if block is None:
            code = "jump-not-ahead" if route.to in self.written else "unknown-route"
            self.reading.fault(code, route.place, to=route.to)
            return owner.next
        if route.to in owner.unfolding:
            self.reading.fault("branch-loop", route.place, to=route.to)
            return owner.next
        prefix = f"{owner.key}.{name}." if owner.key else f"{name}."
        unfolding = (*owner.unfolding, route.to)
        return self.block(block, replace(owner, prefix=prefix, unfolding=unfolding))

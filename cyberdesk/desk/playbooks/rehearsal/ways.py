"""The ways of a playbook: from which step to which, and how one comes to take them."""

from collections.abc import Iterator
from dataclasses import dataclass

from cyberdesk.desk.playbooks.engine import Library
from cyberdesk.desk.playbooks.graph import edges, reachable
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.steps import Action, Call, Step, Switch, Task, Wait, While


@dataclass(frozen=True, slots=True)
class Way:
    """`how` names the route as `graph.Edge.why` does: next, true, case:x, failure, breach…"""

    start: str
    end: str
    how: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.start, self.end


def ways_of(library: Library, program: Program) -> list[Way]:
    """Return every way that a run can take, in the order written.

    Left out is what no run can take: from steps that nothing leads to, from an exception that no
    failure comes to, and the default of a switch whose choices all have a case.
    """
    spare = set(program.steps) - reachable(program)
    if not can_fail(library, program):
        spare |= _inside(program, program.exception)
    found: dict[tuple[str, str], Way] = {}
    for step in program.steps.values():
        if step.id not in spare:
            for way in _open_ways(library, program, step):
                found.setdefault(way.pair, way)
    return list(found.values())


def can_fail(library: Library, program: Program) -> bool:
    """Say whether some failure finds no way out but the playbook's exception."""
    met = _inside(program, program.exception)
    for owner in program.steps.values():
        if owner.on_failure:
            met |= {id_ for start in _branches(owner) for id_ in _inside(program, start)}
    for owner in program.steps.values():
        met |= _inside(program, owner.undo)  # what fails there is put to a person
    return any(
        _fails(library, step) and not step.on_failure
        for step in program.steps.values()
        if step.id not in met
    )


def _open_ways(library: Library, program: Program, step: Step) -> Iterator[Way]:
    for edge in edges(step):
        if edge.why == "default" and isinstance(step, Switch) and _all_named(program, step):
            continue
        if edge.why == "failure" and not _may_fail(library, program, step):
            continue
        yield Way(edge.start, edge.end, edge.why)


def _all_named(program: Program, step: Switch) -> bool:
    """Say whether nothing is left for the default, the unknown having a way of its own."""
    variable = program.variables.get(step.variable)
    choices = set(variable.choices) if variable else set()
    return bool(choices) and choices <= set(step.cases) and step.unknown is not None


def _may_fail(library: Library, program: Program, step: Step) -> bool:
    """Say whether the step can fail, by itself or for what it contains."""
    inside = {id_ for start in _branches(step) for id_ in _inside(program, start)}
    return _fails(library, step) or any(
        _fails(library, program.steps[id_]) and not program.steps[id_].on_failure for id_ in inside
    )


def _fails(library: Library, step: Step) -> bool:
    match step:
        case Task() | Wait():
            return bool(step.timeout and not step.on_timeout)
        case Call():
            called = library.get(step.pinned)
            return called is None or can_fail(library, called)
    return isinstance(step, Action | While)


def _branches(step: Step) -> Iterator[str]:
    """Yield where the branches begin whose failures the step takes over."""
    for edge in edges(step):
        kind = edge.why.partition(":")[0]
        if kind in ("true", "false", "case", "default", "undecided", "round", "strand"):
            yield edge.end


def _inside(program: Program, start: str | None) -> set[str]:
    found: set[str] = set()
    waiting = [start] if start else []
    while waiting:
        here = waiting.pop()
        if here not in found and here in program.steps:
            found.add(here)
            waiting += [edge.end for edge in edges(program.steps[here])]
    return found

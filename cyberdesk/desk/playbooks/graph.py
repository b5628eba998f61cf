"""Which step leads to which: for the gate, for coverage, and for whoever draws the playbook."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.steps import If, Parallel, Step, Switch, Task, While


@dataclass(frozen=True, slots=True)
class Edge:
    """`why` names the route: next, true, false, case:x, strand:x, round, failure, breach…"""

    start: str
    end: str
    why: str


def edges(step: Step) -> Iterator[Edge]:
    """Yield every way out of `step`, CACAO's own and our extension's."""
    for why, to in _ways(step):
        if to is not None:
            yield Edge(step.id, to, why)


def _ways(step: Step) -> Iterator[tuple[str, str | None]]:
    yield from _branches(step)
    if isinstance(step, Task):
        yield "impossible", step.impossible
        yield "unknown", step.unknown
    yield "breach", step.deadline.breach if step.deadline else None
    yield "timeout", step.on_timeout
    yield "failure", step.on_failure
    yield "undo", step.undo
    yield "next", step.next


def _branches(step: Step) -> Iterator[tuple[str, str | None]]:
    match step:
        case If():
            yield "true", step.on_true
            yield "false", step.on_false
            yield "undecided", step.unknown
        case Switch():
            for value, to in step.cases.items():
                yield f"case:{value}", to
            yield "default", step.default
            yield "undecided", step.unknown
        case While():
            yield "round", step.body
            yield "undecided", step.unknown
        case Parallel():
            for name, to in step.strands.items():
                yield f"strand:{name}", to


def graph(program: Program) -> Mapping[str, tuple[Edge, ...]]:
    return {id_: tuple(edges(step)) for id_, step in program.steps.items()}


def reachable(program: Program) -> set[str]:
    """Return the ids of the steps that something leads to, from the start or the exception."""
    ways = graph(program)
    waiting = [id_ for id_ in (program.start, program.exception) if id_]
    seen: set[str] = set()
    while waiting:
        here = waiting.pop()
        if here not in seen and here in ways:
            seen.add(here)
            waiting.extend(edge.end for edge in ways[here])
    return seen


def on_cycles(program: Program) -> set[str]:
    """Return the ids of the steps that lead back to themselves (Kahn's algorithm).

    A framed branch returns to its owner by its `end`, which has no edge: a `while` is no cycle.
    """
    ways = graph(program)
    incoming = dict.fromkeys(ways, 0)
    for edge in _inner(ways):
        incoming[edge.end] += 1
    free = [id_ for id_, count in incoming.items() if count == 0]
    while free:
        for edge in ways[free.pop()]:
            if edge.end in incoming:
                incoming[edge.end] -= 1
                if incoming[edge.end] == 0:
                    free.append(edge.end)
    return {id_ for id_, count in incoming.items() if count}


def _inner(ways: Mapping[str, tuple[Edge, ...]]) -> Iterator[Edge]:
    return (edge for outgoing in ways.values() for edge in outgoing if edge.end in ways)

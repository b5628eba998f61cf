"""The state of a run: plain JSON, and nothing that is not needed to go on.

state = {
  semantics, status, outcome, facts, ticket, ops, queue, contexts, steps, signals, undo
}
- `contexts`: one per playbook under way, "" for the run's own, the caller's path for the others:
  {program, vars, by, state, main, exception, dead, outcome}.
- `steps`: instances by path: {step, ctx, in, base, entry, status, …}. `in` is [owner, role] or
  None at the top of its context. Finished ones keep only what redo and cancel need.
- `queue`: what is to be done next; empty when the run is blocked. Held while it is paused.
Times are integers: milliseconds since 1970, UTC.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.values import Value

SEMANTICS = 1

State = dict[str, Any]
Instance = dict[str, Any]
Event = Mapping[str, Any]
Command = dict[str, Any]
Library = Mapping[str, Program]
Within = list[str] | None

# What each live status waits for.
ON_PERSON = frozenset({"open", "confirm", "review", "deciding", "approval", "verify"})
ON_EFFECT = frozenset({"acting"})
ON_TIME = frozenset({"delayed", "retrying", "waiting"})
ON_OTHERS = frozenset({"joining"})  # another run of the case
LEAF = ON_PERSON | ON_EFFECT | ON_TIME | ON_OTHERS
LIVE = LEAF | {"inside"}
FINAL_RUN = frozenset({"completed", "failed", "cancelled"})


def new_state(
    program: Program,
    facts: Mapping[str, Value] | None = None,
    given: Mapping[str, Value] | None = None,
) -> State:
    """Return the state of a run that has not begun.

    `facts` are by name, `case.severity`…; `given` are variables that whoever starts it knows.
    """
    told = dict(facts or {})
    first = new_context(program, told, by=None)
    first["vars"] |= given or {}
    return {
        "semantics": SEMANTICS,
        "status": "new",
        "outcome": None,
        "facts": told,
        "ticket": 0,
        "ops": 0,
        "queue": [],
        "contexts": {"": first},
        "steps": {},
        "signals": {},
        "undo": [],
    }


def new_context(program: Program, facts: Mapping[str, Value], *, by: str | None) -> dict[str, Any]:
    told = {
        name: facts[variable.fact]
        for name, variable in program.variables.items()
        if variable.fact is not None and variable.fact in facts
    }
    return {
        "program": program.hash,
        "vars": program.defaults() | told,
        "by": by,
        "state": "running",
        "main": "open",
        "exception": None,
        "dead": [],
    }


def live(state: State) -> list[tuple[str, Instance]]:
    """Return path and instance of every step that is under way, oldest first."""
    return sorted(under_way(state), key=_entry)


def under_way(state: State) -> Iterator[tuple[str, Instance]]:
    """Yield path and instance of every step that is under way, in no order."""
    return ((path, one) for path, one in state["steps"].items() if one["status"] in LIVE)


def _entry(pair: tuple[str, Instance]) -> int:
    return int(pair[1]["entry"])


def next_due(state: State) -> int | None:
    """Return the earliest instant at which the run must be looked at by itself, or None."""
    if state["status"] not in ("running", "cancelling"):
        return None
    held = (one["timers"] for _, one in under_way(state) if "timers" in one)
    return min((at for timers in held for at in timers.values()), default=None)


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)

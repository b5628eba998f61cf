"""`once_per: case`: a playbook that another run of the case has begun is joined, not begun again.

The engine knows one run. So it asks with a `join` command, and the house answers with a `joined`
event before anything else happens on the case. Whoever has joined is told `rejoin` whenever a
playbook of another run has ended, and asks again.

Nobody waits in a circle: what is joined is under way in its own run, and can only wait for
playbooks that it calls itself, and no playbook calls itself on a detour.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cyberdesk.desk.playbooks.engine.begin import open_call, rejoin_call
from cyberdesk.desk.playbooks.engine.flow import come_back, fail
from cyberdesk.desk.playbooks.engine.machine import Machine
from cyberdesk.desk.playbooks.engine.state import ON_OTHERS, Command, Event, Library, State
from cyberdesk.desk.playbooks.steps import Call
from cyberdesk.desk.playbooks.values import Value

_ORDER = ("open", "completed", "failed")
_CALLS = {"inside": "open", "done": "completed", "failed": "failed"}
_RUNS = {"running": "open", "paused": "open", "completed": "completed", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a playbook stands that a run has begun: `open`, `completed` or `failed`."""

    how: str
    outcome: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)


def joined(m: Machine, event: Event) -> None:
    """Take `{path, ticket, how, outcome, values}`; `how` is that of Standing, or None.

    None: no other run has begun it, or it was called off there. Then it is begun here.
    """
    path = event["path"]
    if m.awaited(event, ON_OTHERS) is None:
        return
    match event["how"]:
        case "open":
            pass
        case "completed":
            come_back(m, path, event["values"], event["outcome"])
        case "failed":
            fail(m, path, "playbook-failed", str(event["values"].get("failure") or ""))
        case _:
            open_call(m, path)


def rejoin(m: Machine, _event: Event) -> None:
    """Something has ended in another run of the case: ask anew how it stands."""
    for path in [path for path, one in m.steps.items() if one["status"] == "joining"]:
        rejoin_call(m, path)


def answer_to(command: Command, found: Standing | None) -> Event:
    """Return the `joined` event that answers a `join` command."""
    told = {"type": "joined", "path": command["path"], "ticket": command["ticket"]}
    if found is None:
        return told | {"how": None}
    return told | {"how": found.how, "outcome": found.outcome, "values": dict(found.values)}


def standing_of(
    library: Library, state: State, name: str, given: Mapping[str, Value]
) -> Standing | None:
    """Return how the playbook `name` stands that this run has begun, if it can be joined.

    It can when it knows all that is `given`: with other values it would go other ways.
    """
    found = [
        standing
        for standing, program in _begun(library, state)
        if program == name and all(_knows(standing, *pair) for pair in given.items())
    ]
    return first_of(found)


def first_of(found: Iterable[Standing]) -> Standing | None:
    """Return the one to join: under way rather than ended, ended well rather than failed."""
    return min(found, key=lambda one: _ORDER.index(one.how), default=None)


def _knows(standing: Standing, name: str, value: Value) -> bool:
    return value is None or standing.values.get(name) == value


def _begun(library: Library, state: State) -> Iterator[tuple[Standing, str]]:
    """Yield each playbook that the run has begun, itself first, with its name."""
    contexts: dict[str, Any] = state["contexts"]
    if state["status"] in _RUNS:
        how, outcome = _RUNS[state["status"]], str(state["outcome"] or "")
        yield Standing(how, outcome, contexts[""]["vars"]), library[contexts[""]["program"]].name
    for path, one in state["steps"].items():
        context = contexts.get(path)
        if context is None or one["status"] not in _CALLS:
            continue
        if isinstance(library[contexts[one["ctx"]]["program"]].steps[one["step"]], Call):
            how, outcome = _CALLS[one["status"]], str(one.get("answer") or "")
            yield Standing(how, outcome, context["vars"]), library[context["program"]].name

"""One event in, one new state and a list of commands out. Pure, total and deterministic."""

import json
from datetime import datetime
from typing import Any

from cyberdesk.desk.playbooks.engine import control
from cyberdesk.desk.playbooks.engine.answers import answered
from cyberdesk.desk.playbooks.engine.begin import enter, look
from cyberdesk.desk.playbooks.engine.flow import end_run, settle
from cyberdesk.desk.playbooks.engine.joining import joined, rejoin
from cyberdesk.desk.playbooks.engine.machine import Machine
from cyberdesk.desk.playbooks.engine.migrate import migrate
from cyberdesk.desk.playbooks.engine.results import resulted
from cyberdesk.desk.playbooks.engine.state import (
    FINAL_RUN,
    LIVE,
    Command,
    Event,
    Library,
    State,
    milliseconds,
)
from cyberdesk.desk.playbooks.engine.ticks import fire_next

_MOST_MOVES = 2_000  # in one call; what is left is done in the next, after an `again`
_MOST_MOVES_EVER = 200_000

_HANDLERS = {
    "start": control.start,
    "answer": answered,
    "result": resulted,
    "signal": control.signal,
    "facts": control.facts,
    "pause": control.pause,
    "resume": control.resume,
    "cancel": control.cancel,
    "stop": control.stop,
    "skip": control.skip,
    "retry": control.retry,
    "redo": control.redo,
    "migrate": migrate,
    "joined": joined,
    "rejoin": rejoin,
    "tick": control.no_change,
}


def advance(
    library: Library, state: State, event: Event, now: datetime
) -> tuple[State, list[Command]]:
    """Return the state after `event`, advanced until it is blocked, and what is to be done.

    Events that come late, twice or out of place change nothing and give an `ignored` command.
    Commands: `ask` and `close` a person's question, `act` (an effect), `step` (a trace), `remind`,
    `late`, `finished`, `revived`, `migrated`, `move` (a way taken), `called` and `returned` (from a
    playbook), `join` (has another run of the case begun it?), `ignored`, and `again` (call with a
    tick: there is more to do).
    """
    copied = _copied(state)
    return copied, advance_in_place(library, copied, event, milliseconds(now))


def advance_in_place(library: Library, state: State, event: Event, now: int) -> list[Command]:
    """Do as `advance` does, on `state` itself: for who has just read it and will write it."""
    machine = Machine(library, state, now)
    _HANDLERS[event["type"]](machine, event)
    _run(machine)
    return machine.commands


def _run(m: Machine) -> None:
    for _ in range(_MOST_MOVES):
        if m.state["ops"] >= _MOST_MOVES_EVER:
            _stop_runaway(m)
            return
        if not _move(m):
            return
    m.emit("again")


def _move(m: Machine) -> bool:
    """Make one move; say whether there was one to make."""
    queue = m.state["queue"]
    if queue and m.state["status"] in ("running", "cancelling"):
        m.state["ops"] += 1
        _do(m, queue.pop(0))
        return True
    return fire_next(m) or settle(m) or control.undo_next(m)


def _do(m: Machine, op: dict[str, Any]) -> None:
    if op["op"] == "enter":
        enter(m, op)
        return
    one = m.steps.get(op["path"])
    if one and one["entry"] == op["entry"] and one["status"] == "inside":
        look(m, op["path"])


def _stop_runaway(m: Machine) -> None:
    if m.state["status"] in FINAL_RUN:
        return
    for path, one in list(m.steps.items()):
        if one["status"] in LIVE:
            m.close(path, "withdrawn")
    end_run(m, "failed", "runaway")


def _copied(state: State) -> State:
    """A deep copy; the state is plain JSON, and this is the fastest way to say so."""
    copied: State = json.loads(json.dumps(state))
    return copied

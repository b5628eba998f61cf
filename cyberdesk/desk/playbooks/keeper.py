"""The keeper of runs: lock, advance, write, all in the transaction under way.

Every change of a run passes here, whether a person answered, an effect came home, a signal came
in or time passed. The case's row is locked before the run's, always, so that nobody waits in a
circle.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.audit import record
from cyberdesk.core.db import holding, seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.events import events
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks import house, joining, people, trace
from cyberdesk.desk.playbooks.actions import ENGINE
from cyberdesk.desk.playbooks.engine import FINAL_RUN, Command, Event, next_due, reasons
from cyberdesk.desk.playbooks.engine.loop import advance_in_place
from cyberdesk.desk.playbooks.engine.state import milliseconds, moment
from cyberdesk.desk.playbooks.models import PAUSED, Effect, Run
from cyberdesk.desk.playbooks.shelf import shelf

_SLICES = 20  # of the engine's budget that one transaction may use


@dataclass(frozen=True, slots=True)
class Applied:
    """What an event came to: `ignored` says why it changed nothing."""

    run: Run
    commands: list[Command]
    taken: Effect | None = None  # leased to this process, when it asked for the next

    @property
    def ignored(self) -> str | None:
        found = [c["why"] for c in self.commands if c["do"] == "ignored"]
        return str(found[0]) if found else None


def hold(run_id: UUID) -> Run:
    """Lock the case and the run, in this order, and return the run as it is now."""
    wanted = (
        select(Run, Case)
        .join(Case, Case.id == Run.case_id)
        .where(Run.id == run_id)
        .with_for_update(of=[Case, Run], key_share=True)
        .execution_options(populate_existing=True)
    )
    found = session().execute(wanted).first()
    if found is None:
        raise NotFoundError(_("There is no such run of a playbook."))
    run: Run = found[0]
    holding.hold(found[1])
    return run


def apply(actor: Actor, run_id: UUID, event: Event) -> Applied:
    """Tell the run of `event` and write all that follows from it."""
    with seeing(SYSTEM):
        return apply_held(actor, hold(run_id), event)


def apply_held(actor: Actor, run: Run, event: Event, *, take: bool = False) -> Applied:
    """Do as `apply` does, on a run that this transaction holds already.

    With `take`, the next effect that follows is leased to this process.
    """
    state, now, before = run.state, clock.now(), run.waits
    commands = _advance(state, run, event, now)
    _write(run, state, now)
    taken = trace.write(run, commands, now, take=take and run.status != PAUSED)
    people.put(run, commands, before=before)
    _tell_end(run, commands)
    _journal(actor, run, event, commands)
    for other in joining.to_tell(run, commands, event):
        apply_held(ENGINE, hold(other), {"type": "rejoin"})
    return Applied(run, commands, taken)


def _advance(state: dict[str, Any], run: Run, event: Event, now: datetime) -> list[Command]:
    """Advance until blocked; what the house does itself is done on the way."""
    commands: list[Command] = []
    coming: list[Event] = [event]
    for _slice in range(_SLICES * 100):
        if not coming:
            break
        new = advance_in_place(shelf, state, coming.pop(0), milliseconds(now))
        coming += house.carry_out(run, new) + joining.answers(run, new)
        if any(command["do"] == "again" for command in new) and _slice < _SLICES:
            coming.append({"type": "tick"})
        commands += new
    return commands


def _write(run: Run, state: dict[str, Any], now: datetime) -> None:
    run.state = state
    run.number = (run.number or 0) + 1
    told = standing(state, now)
    if told["dead"] > (run.dead or 0):  # a new one brings a settled run back
        run.settled_at = None
    for name, value in told.items():
        setattr(run, name, value)
    run.moved_at = now
    run.ended_at = (run.ended_at or now) if state["status"] in FINAL_RUN else None


def standing(state: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return what the columns of a run say of its state, but for when it moved and ended."""
    due = next_due(state)
    unfinished = bool(state["queue"]) and state["status"] in ("running", "cancelling")
    return {
        "hash": state["contexts"][""]["program"],
        "status": state["status"],
        "outcome": state["outcome"],
        "waits": sorted({reason.kind for reason in reasons(shelf, state)}),
        "due_at": now if unfinished else None if due is None else moment(due),
        "dead": _dead(state),
    }


def _dead(state: dict[str, Any]) -> int:
    """Count the failures that wait for a person."""
    if state["status"] in ("cancelling", "cancelled", "completed"):
        return 0
    return sum(len(context["dead"]) for context in state["contexts"].values())


def _tell_end(run: Run, commands: list[Command]) -> None:
    """Say on the timeline how the run ended; who cancels one says so with a reason."""
    for command in commands:
        if command["do"] == "finished":
            if command["status"] in ("completed", "failed"):
                outcomes = shelf[run.hash].outcomes
                outcome = dict(outcomes.get(command["outcome"] or "", {}))
                facts = {"title": run.title, "outcome": outcome}
                kind = f"run:{command['status']}"
                cases.tell(ENGINE, run.case, kind, facts=facts, desk_only=True)
            events.emit("run:ended", run=run)


def _journal(actor: Actor, run: Run, event: Event, commands: list[Command]) -> None:
    record(actor, f"run:{event['type']}", run, told_of(run, event, commands))


def told_of(run: Run, event: Event, commands: list[Command]) -> Mapping[str, Any]:
    """Return what the journal keeps of an event: the steps that it moved, and the answers."""
    moves = [[c["path"], c["status"], c["answer"]] for c in commands if c["do"] == "step"]
    return {
        "event": event["type"],
        "path": event.get("path"),
        "steps": moves,
        "status": run.status,
        "outcome": run.outcome,
    }

"""What runs learn from elsewhere: answers, signals, the case that changes or ends."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import recorded
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks import ledger
from cyberdesk.desk.playbooks.actions import ENGINE
from cyberdesk.desk.playbooks.facts import facts_of
from cyberdesk.desk.playbooks.keeper import Applied, apply, apply_held, hold
from cyberdesk.desk.playbooks.models import Run, Signal
from cyberdesk.desk.playbooks.service.loading import runs_of, signal_title
from cyberdesk.desk.playbooks.service.refusing import refuse_ignored


@allowed("run:signal", on="run")
@recorded("run:signal", about="run")
def signal(
    actor: Actor,
    run: Run,
    *,
    name: str,
    dedup: str,
    payload: Mapping[str, Any] | None = None,
    reason: str = "",
) -> bool:
    """Tell the run of a signal; the same `dedup` counts once. Say whether it was new.

    What a person says of it, their `reason`, is sealed on the desk's timeline. Raises
    ConflictError when the run has ended.
    """
    with seeing(SYSTEM):
        held = hold(run.id)
        if not held.is_open:
            raise ConflictError(_("This run has ended: it waits for nothing any more."))
        entry = {"run_id": run.id, "dedup": dedup, "name": name, "came_at": clock.now()}
        new = insert(Signal).values(entry).on_conflict_do_nothing().returning(Signal.dedup)
        if session().execute(new).first() is None:
            return False
        told = {"type": "signal", "name": name, "payload": dict(payload or {})}
        apply_held(actor, held, told)
    facts = {"name": name, "title": signal_title(held, name)}
    words = reason.strip() or None
    cases.tell(actor, held.case, "run:signal", facts=facts, words=words, desk_only=True)
    return True


def answer(
    actor: Actor,
    run_id: UUID,
    *,
    path: str,
    ticket: int,
    said: str,
    values: Mapping[str, Any] | None = None,
) -> Applied:
    """Take a person's answer to the question `ticket`. The room of the tasks has checked who may.

    Raises ConflictError when the question is no longer open, or this is no answer to it.
    """
    told = {"type": "answer", "path": path, "ticket": ticket, "answer": said}
    by = str(actor.person or actor.id or "")
    applied = apply(actor, run_id, told | {"values": dict(values or {}), "by": by})
    refuse_ignored(applied)
    return applied


def tell_facts(case: Case) -> int:
    """Tell the open runs of a case what has changed in it; return how many there were."""
    with seeing(SYSTEM):
        open_runs = [run.id for run in runs_of(case) if run.is_open]
        told = facts_of(case) if open_runs else {}
        for run_id in open_runs:
            run = hold(run_id)
            if run.state["facts"] | told != run.state["facts"]:
                apply_held(ENGINE, run, {"type": "facts", "values": told})
        return len(open_runs)


def stop_runs(case: Case, *, reason: str) -> int:
    """End the open runs of a case that was closed or merged; nothing is undone."""
    with seeing(SYSTEM):
        open_runs = [run.id for run in runs_of(case) if run.is_open]
        for run_id in open_runs:
            run = hold(run_id)
            ledger.void(run)
            apply_held(ENGINE, run, {"type": "stop", "reason": reason})
        return len(open_runs)

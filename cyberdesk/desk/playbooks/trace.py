"""Writing what a run did: its steps, and the effects that workers are to bring about."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Insert, insert

from cyberdesk.core.db import session
from cyberdesk.core.jobs import outbox
from cyberdesk.desk.playbooks.actions import house_act
from cyberdesk.desk.playbooks.engine import Command
from cyberdesk.desk.playbooks.ledger import lease, new_effect, shared, void
from cyberdesk.desk.playbooks.models import Effect, Run, StepInstance

WAKE = "playbook:wake"
GONE = ("withdrawn", "skipped")
CHANGING = ("status", "answer", "failure", "changed_at")


def _upsert() -> Insert:
    """A step is written when it begins and once more when it ends. Built once: it is costly."""
    fresh = insert(cast("Table", StepInstance.__table__))
    changed = {name: getattr(fresh.excluded, name) for name in CHANGING}
    return fresh.on_conflict_do_update(index_elements=["run_id", "entry"], set_=changed)


_UPSERT = _upsert()


def write(run: Run, commands: list[Command], now: datetime, *, take: bool) -> Effect | None:
    """Write the steps and the effects that are wanted.

    With `take`, the first of these is leased to this process at once and returned, if nobody else
    may be at it; the queue is rung for the others.
    """
    _steps(run, rows_of_steps(run, commands, now))
    gone = {c["path"] for c in commands if c["do"] == "step" and c["status"] in GONE}
    if gone:
        void(run, gone)
    acts = [c for c in commands if c["do"] == "act" and house_act(c["action"]) is None]
    wanted = [new_effect(run, command) for command in acts]
    session().add_all(wanted)
    taken = wanted[0] if take and wanted and not shared(wanted[0]) else None
    if taken:
        lease(taken)
    if len(wanted) > (taken is not None):
        outbox.send(WAKE, run_id=str(run.id))
    return taken


def rows_of_steps(run: Run, commands: list[Command], now: datetime) -> list[dict[str, Any]]:
    """Return the last word on each step that `commands` tell of, as rows of StepInstance."""
    came = {c["path"]: c["start"] for c in commands if c["do"] == "move"}
    rows: dict[int, dict[str, Any]] = {}
    for command in commands:
        if command["do"] == "step":
            rows[command["entry"]] = {
                "run_id": run.id,
                "entry": command["entry"],
                "case_id": run.case_id,
                "step_id": command["step"],
                "key": command["key"],
                "path": command["path"],
                "came_from": came.get(command["path"]),
                "status": command["status"],
                "answer": command["answer"],
                "failure": (command["failure"] or {}).get("code"),
                "begun_at": now,
                "changed_at": now,
            }
    return list(rows.values())


def _steps(run: Run, rows: list[dict[str, Any]]) -> None:
    """Write them in one statement, or together with a run that is new."""
    if not rows:
        return
    if run in session().new:
        if run.id not in _begun():
            session().add_all(StepInstance(run=run, **row) for row in rows)
            return
        session().flush()  # they change steps that are not written yet
    session().execute(_UPSERT, rows)


def _begun() -> set[UUID]:
    """Return the runs whose first steps wait to be written."""
    return {one.run_id for one in session().new if isinstance(one, StepInstance)}

"""Writing what a run did: its steps, and the effects that workers are to bring about."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from cyberdesk.core.db import session
from cyberdesk.core.jobs import outbox
from cyberdesk.desk.playbooks.actions import house_act
from cyberdesk.desk.playbooks.engine import Command
from cyberdesk.desk.playbooks.ledger import new_effect, void
from cyberdesk.desk.playbooks.models import Run, StepInstance

WAKE = "playbook:wake"
_GONE = ("withdrawn", "skipped")
_CHANGING = ("status", "answer", "failure", "changed_at")


def write(run: Run, commands: list[Command], now: datetime) -> None:
    _steps(run, commands, now)
    gone = {c["path"] for c in commands if c["do"] == "step" and c["status"] in _GONE}
    if gone:
        void(run, gone)
    wanted = [c for c in commands if c["do"] == "act" and house_act(c["action"]) is None]
    for command in wanted:
        session().add(new_effect(run, command))
    if wanted:
        outbox.send(WAKE, run_id=str(run.id))


def _steps(run: Run, commands: list[Command], now: datetime) -> None:
    """Write the last word on each step, in one statement."""
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
    if not rows:
        return
    fresh = insert(StepInstance).values(list(rows.values()))
    changed = {name: getattr(fresh.excluded, name) for name in _CHANGING}
    session().execute(fresh.on_conflict_do_update(index_elements=["run_id", "entry"], set_=changed))

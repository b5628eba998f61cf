"""What the ledger says of an action: each attempt, when, by which worker, and what it came to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.text import Text, _
from cyberdesk.desk.playbooks.models import Effect, Run

OUTCOMES: Mapping[str, tuple[Text | str, str]] = {
    "due": (_("Waits for a worker"), "neutral"),
    "leased": (_("At work"), "info"),
    "done": (_("Done"), "good"),
    "reused": (_("Done before, not repeated"), "good"),
    "failed": (_("Failed"), "critical"),
    "unknown": (_("Nobody knows"), "serious"),
    "lost": (_("The worker was lost"), "serious"),
    "not_done": (_("It had not happened"), "neutral"),
    "void": (_("Called back"), "neutral"),
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row of the ledger, in plain values."""

    number: int
    action: str
    begun: datetime
    ended: datetime | None
    outcome: Text | str
    tone: str
    check: bool
    key: str
    given: Mapping[str, Any]
    result: Mapping[str, Any]


def attempts_of(run: Run, path: str) -> Sequence[Attempt]:
    """Return the attempts at a step, oldest first. The caller has checked who may see the run."""
    wanted = select(Effect).where(Effect.run_id == run.id, Effect.path == path)
    with seeing(SYSTEM):
        rows = session().scalars(wanted.order_by(Effect.ticket)).all()
        return [_attempt(row) for row in rows]


def _attempt(row: Effect) -> Attempt:
    outcome, tone = OUTCOMES.get(row.status, (row.status, "neutral"))
    return Attempt(
        number=row.attempt,
        action=row.action,
        begun=row.created_at,
        ended=row.ended_at,
        outcome=outcome,
        tone=tone,
        check=row.check,
        key=row.key,
        given=row.input or {},
        result=row.output or {},
    )

"""Reminders before the end, and breaches once it has passed. Each is told once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Select, func, select

from cyberdesk.core import clock as time
from cyberdesk.core.access import system
from cyberdesk.core.audit import record
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.events import events
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.clocks.models import RUNNING, Clock

_AT_ONCE = 100
_sweeper = system("clocks")
# Of a duty that may not apply nobody is reminded, and it is not called overdue.
_SURE = (
    Clock.state == RUNNING,
    func.coalesce(Clock.about["verdict"].astext, "applies") == "applies",
)
_log = structlog.get_logger(__name__)


def remind() -> int:
    """Tell of every reminder that is due; several missed in a row are told once."""
    due = select(Clock.id).where(*_SURE, Clock.next_reminder_at <= time.now())
    return _each(due, _remind)


def mark_breached() -> int:
    """Mark the clocks whose end has passed: from now on they are late, whatever follows."""
    over = select(Clock.id).where(*_SURE, Clock.breached_at.is_(None), Clock.due_at <= time.now())
    return _each(over, _breach)


def _each(wanted: Select[UUID], act: Callable[[Clock], None]) -> int:
    """Do `act` on each clock in a transaction of its own: one that fails keeps no other back."""
    with atomic(SYSTEM):
        found = session().scalars(wanted.order_by(Clock.due_at).limit(_AT_ONCE)).all()
    done = 0
    for clock_id in found:
        try:
            done += _one(wanted, clock_id, act)
        except Exception:  # noqa: BLE001  # it is tried again at the next sweep, and logged each time
            _log.error("clock not swept", clock=str(clock_id), exc_info=True)
    return done


def _one(wanted: Select[UUID], clock_id: UUID, act: Callable[[Clock], None]) -> int:
    with atomic(SYSTEM):
        still = session().scalar(
            wanted.where(Clock.id == clock_id).with_for_update(skip_locked=True, of=Clock)
        )
        if still is None:
            return 0
        act(session().get_one(Clock, clock_id))
        return 1


def _remind(clock: Clock) -> None:
    coming = [text for text in clock.reminders if datetime.fromisoformat(text) > time.now()]
    clock.reminders = coming
    clock.next_reminder_at = datetime.fromisoformat(coming[0]) if coming else None
    cases.tell(_sweeper, clock.case, "clock:reminder", facts=_facts(clock))
    events.emit("clock:reminder", clock=clock)


def _breach(clock: Clock) -> None:
    clock.breached_at = clock.due_at
    record(_sweeper, "clock:breach", clock, {"name": clock.name, "due": clock.due_at})
    cases.tell(_sweeper, clock.case, "clock:breached", facts=_facts(clock))
    events.emit("clock:breached", clock=clock)


def _facts(clock: Clock) -> dict[str, Any]:
    return {"title": clock.title, "due": clock.due_at.isoformat() if clock.due_at else None}

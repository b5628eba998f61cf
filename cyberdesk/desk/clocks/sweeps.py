"""Reminders before the end, and breaches once it has passed. Each is told once."""

from datetime import datetime

from sqlalchemy import select

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


def remind() -> int:
    """Tell of every reminder that is due; several missed in a row are told once."""
    with atomic(SYSTEM):
        due = select(Clock).where(Clock.state == RUNNING, Clock.next_reminder_at <= time.now())
        found = session().scalars(due.limit(_AT_ONCE).with_for_update(skip_locked=True, of=Clock))
        clocks = found.all()
        for clock in clocks:
            _remind(clock)
        return len(clocks)


def _remind(clock: Clock) -> None:
    coming = [text for text in clock.reminders if datetime.fromisoformat(text) > time.now()]
    clock.reminders = coming
    clock.next_reminder_at = datetime.fromisoformat(coming[0]) if coming else None
    facts = {"title": clock.title, "due": clock.due_at.isoformat() if clock.due_at else None}
    cases.tell(_sweeper, clock.case, "clock:reminder", facts=facts)
    events.emit("clock:reminder", clock=clock)


def mark_breached() -> int:
    """Mark the clocks whose end has passed: from now on they are late, whatever follows."""
    with atomic(SYSTEM):
        over = select(Clock).where(
            Clock.state == RUNNING, Clock.breached_at.is_(None), Clock.due_at <= time.now()
        )
        found = session().scalars(over.limit(_AT_ONCE).with_for_update(skip_locked=True, of=Clock))
        clocks = found.all()
        for clock in clocks:
            _breach(clock)
        return len(clocks)


def _breach(clock: Clock) -> None:
    clock.breached_at = clock.due_at
    record(_sweeper, "clock:breach", clock, {"name": clock.name, "due": clock.due_at})
    facts = {"title": clock.title, "due": clock.due_at.isoformat() if clock.due_at else None}
    cases.tell(_sweeper, clock.case, "clock:breached", facts=facts)
    events.emit("clock:breached", clock=clock)

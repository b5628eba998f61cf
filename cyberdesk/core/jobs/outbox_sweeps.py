"""What the sweeper does for the outbox: ring for what is due, free what nobody holds, forget."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import exists, or_, select, text, update

from cyberdesk.core import clock
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs.bell import Bell
from cyberdesk.core.jobs.delivery import LEASE
from cyberdesk.core.jobs.leases import Watched
from cyberdesk.core.jobs.models import Message
from cyberdesk.core.jobs.setback import bring_back
from cyberdesk.core.room import Sweep

_OFTEN = timedelta(seconds=2)
_KEPT = timedelta(days=30)


def of_outbox(bell: Bell) -> Iterator[Sweep]:
    """Yield its sweeps, in the order in which they are made."""
    watched = Watched(LEASE)
    yield Sweep("outbox-clock", _OFTEN, bring_back_due)
    yield Sweep("outbox", _OFTEN, lambda: ring_for_due(bell))
    yield Sweep("outbox-leases", _OFTEN, lambda: free_unrenewed(watched))
    yield Sweep("outbox-old", timedelta(hours=1), forget_delivered)


def ring_for_due(bell: Bell) -> int:
    """Ring when messages are due that nobody holds: new, to retry, or of a worker that died."""
    now = clock.now()
    free = or_(Message.leased_until.is_(None), Message.leased_until < now)
    due = select(Message.id).where(
        Message.delivered_at.is_(None), Message.failed_at.is_(None), Message.due_at <= now, free
    )
    with atomic(SYSTEM) as session:
        waiting = bool(session.scalar(select(exists(due))))
    return int(waiting and bell.ring())


def free_unrenewed(watched: Watched) -> int:
    """Take messages back from workers that are gone, though the clock was set back meanwhile."""
    with atomic(SYSTEM) as session:
        open_ones = (Message.delivered_at.is_(None), Message.failed_at.is_(None))
        held = select(Message.id, Message.leased_until).where(
            *open_ones, Message.leased_until.is_not(None)
        )
        leases = {one: until for one, until in session.execute(held) if until}
        gone = [(one, leases[one]) for one in watched.unrenewed(leases)]
        for one, until in gone:
            mine = update(Message).where(Message.id == one, Message.leased_until == until)
            session.execute(mine.values(leased_until=None, token=None))
    return len(gone)


def bring_back_due() -> int:
    """Let messages be due as soon as they were to be, though the clock was set back meanwhile."""
    with atomic(SYSTEM):
        return bring_back(Message, Message.delivered_at.is_(None), Message.failed_at.is_(None))


def forget_delivered() -> int:
    """Delete messages delivered or settled a month ago; those that failed stay for a person."""
    with atomic(SYSTEM) as session:
        old = text("DELETE FROM outbox WHERE coalesce(delivered_at, settled_at) < :before")
        return int(session.execute(old, {"before": clock.now() - _KEPT}).rowcount)  # type: ignore[attr-defined]

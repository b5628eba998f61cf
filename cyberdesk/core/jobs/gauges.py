"""How the outbox does: what waits, how long, what was given up."""

from sqlalchemy import func, select

from cyberdesk.core import clock
from cyberdesk.core.db import session
from cyberdesk.core.jobs.models import Message
from cyberdesk.core.room import Gauge

_WAITING = (Message.delivered_at.is_(None), Message.failed_at.is_(None))


def waiting() -> float:
    due = (*_WAITING, Message.due_at <= clock.now())
    return session().scalar(select(func.count()).where(*due)) or 0


def oldest_seconds() -> float:
    """Return for how long the oldest due delivery has been waiting."""
    oldest = session().scalar(select(func.min(Message.due_at)).where(*_WAITING))
    return max((clock.now() - oldest).total_seconds(), 0.0) if oldest else 0.0


def given_up() -> float:
    failed = (Message.failed_at.is_not(None), Message.settled_at.is_(None))
    return session().scalar(select(func.count()).where(*failed)) or 0


JOBS = (
    Gauge("deliveries_due", "Deliveries that are due and not made.", waiting),
    Gauge("deliveries_oldest_seconds", "How long the oldest due delivery waits.", oldest_seconds),
    Gauge("deliveries_given_up", "Deliveries that a person must look at.", given_up),
)

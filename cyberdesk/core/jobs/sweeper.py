"""The sweeper: finds in the database what is due, and does it or rings the bell.

One acts at a time over all hosts (advisory lock); the others stand by and take over within
seconds. It replaces every scheduler and cron of the queue.
"""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from sqlalchemy import Connection, exists, func, or_, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from cyberdesk.core import clock
from cyberdesk.core.db import atomic, database
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs.beats import Pulse
from cyberdesk.core.jobs.bell import Bell
from cyberdesk.core.jobs.delivery import LEASE
from cyberdesk.core.jobs.leases import Watched
from cyberdesk.core.jobs.models import Message
from cyberdesk.core.jobs.setback import bring_back
from cyberdesk.core.room import Sweep

TICK = 0.5
_LOCK = 0x43594245  # one key for the sweeper of the house
_KEPT = timedelta(days=30)
_log = structlog.get_logger(__name__)


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


class Sweeper:
    """Runs `sweeps`, each as often as it asks, while this host holds the lock."""

    def __init__(self, sweeps: Iterable[Sweep], bell: Bell) -> None:
        ring = Sweep("outbox", timedelta(seconds=2), lambda: ring_for_due(bell))
        watched = Watched(LEASE)
        back = Sweep("outbox-clock", timedelta(seconds=2), bring_back_due)
        free = Sweep("outbox-leases", timedelta(seconds=2), lambda: free_unrenewed(watched))
        forget = Sweep("outbox-old", timedelta(hours=1), forget_delivered)
        self.sweeps = (back, ring, free, forget, *sweeps)
        self._due = dict.fromkeys((s.name for s in self.sweeps), 0.0)
        self.pulse = Pulse()

    def run(self, stop: threading.Event) -> None:
        """Sweep until `stop`; a database that goes away is waited for."""
        while not stop.is_set():
            try:
                self._lead(stop)
            except SQLAlchemyError as error:
                _log.warning("the database does not answer, trying again", exc_info=error)
            stop.wait(1)

    def _lead(self, stop: threading.Event) -> None:
        with database().engine.connect() as connection, _only_one(connection) as leading:
            while leading and not stop.is_set():
                connection.execute(text("SELECT 1"))  # the lock is lost with its connection
                connection.commit()
                self.tick()
                self.pulse.beat()
                stop.wait(TICK)

    def tick(self) -> None:
        """Do each sweep that is due; one that fails does not keep the others from acting."""
        for sweep in self.sweeps:
            if time.monotonic() < self._due[sweep.name]:
                continue
            self._due[sweep.name] = time.monotonic() + sweep.every.total_seconds()
            self._sweep(sweep)

    def _sweep(self, sweep: Sweep) -> None:
        began = time.monotonic()
        try:
            done = sweep.act()
        except SQLAlchemyError:
            raise
        except Exception as error:  # noqa: BLE001  # one failing sweep must not stop the others
            _log.error("sweep failed", sweep=sweep.name, exc_info=True)
            self.pulse.note(sweep.name, began=began, failed=type(error).__name__)
        else:
            self.pulse.note(sweep.name, began=began, done=done)
            if done:
                _log.debug("swept", sweep=sweep.name, done=done)


@contextmanager
def _only_one(connection: Connection) -> Iterator[bool]:
    got = bool(connection.scalar(select(func.pg_try_advisory_lock(_LOCK))))
    connection.commit()
    try:
        yield got
    finally:
        if got and not connection.invalidated:
            connection.execute(select(func.pg_advisory_unlock(_LOCK)))
            connection.commit()

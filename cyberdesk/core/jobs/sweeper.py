"""The sweeper: finds in the database what is due, and does it or rings the bell.

One acts at a time over all hosts (advisory lock); the others stand by and take over within
seconds. It replaces every scheduler and cron of the queue.
"""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from cyberdesk.core.db import database
from cyberdesk.core.jobs.beats import Pulse
from cyberdesk.core.jobs.bell import Bell
from cyberdesk.core.jobs.outbox_sweeps import of_outbox
from cyberdesk.core.room import Sweep

TICK = 0.5
_LOCK = 0x43594245  # one key for the sweeper of the house
_log = structlog.get_logger(__name__)


class Sweeper:
    """Runs `sweeps`, each as often as it asks, while this host holds the lock."""

    def __init__(self, sweeps: Iterable[Sweep], bell: Bell) -> None:
        self.sweeps = (*of_outbox(bell), *sweeps)
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

"""Telling open pages that something changed, without holding a database connection for each.

One thread of the process asks, once a second and only while somebody listens, for the last change
of the cases and desks that are being watched: a statement for all cases and one for each desk,
whatever the number of pages. A page learns that there is news, never what: it fetches its parts
anew, with all their checks.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import TooManyError
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import Case

PERIOD = 1.0  # seconds between two looks
PACE = 2.0  # seconds at least between two pieces of news to one page
HEARTBEAT = 5.0  # seconds of silence after which a sign of life finds out who has gone
PATIENCE = 5.0  # seconds before looking again when the database did not answer
LIFETIME = 600.0  # seconds after which a page must come in again, and be checked again
MOST = 32  # streams of one process: each holds a thread of the server
MOST_GUESTS = 16  # of communes among them: however many look on, the rest is left to the desk
MOST_EACH = 12  # of one person: a page that was left is noticed at its next sign of life
MOST_EACH_GUEST = 4  # of one private link or member of a commune: a newer page ends their oldest

_log = structlog.get_logger(__name__)


class Subscription:
    """One open page: the cases and desks that it shows, and what it knows of them.

    A `guest` is a page of a commune, which gives way to those of the desk.
    """

    def __init__(
        self,
        reader: str,
        cases: Iterable[UUID],
        desks: Iterable[str],
        since: datetime | None,
        *,
        guest: bool = False,
    ) -> None:
        self.reader, self.cases, self.desks = reader, frozenset(cases), frozenset(desks)
        self.guest = guest
        self._since, self._known = since, dict[Any, datetime | None]()
        self._news, self._over = threading.Event(), threading.Event()

    def learn(self, marks: Mapping[Any, datetime | None]) -> None:
        """Compare what is known with the latest change of what is watched.

        A mark that differs is news even when it is earlier: two changes may commit out of order.
        """
        for topic in (*self.cases, *self.desks):
            mark = marks.get(topic)
            if topic in self._known:
                new = mark != self._known[topic]
            else:
                new = mark is not None and (self._since is None or mark > self._since)
            self._known[topic] = mark
            if new:
                self._news.set()

    def wait(self, seconds: float) -> bool:
        """Wait for news; return whether there is some."""
        told = self._news.wait(seconds)
        self._news.clear()
        return told and not self.over

    def end(self) -> None:
        self._over.set()
        self._news.set()

    @property
    def over(self) -> bool:
        return self._over.is_set()

    def rest(self, seconds: float) -> None:
        """Tell nothing for a while, unless it is over sooner."""
        self._over.wait(seconds)


class Watch:
    """All open pages of this process, and the one thread that looks for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[Subscription, None] = {}  # the oldest first
        self._thread: threading.Thread | None = None

    def open(self, subscription: Subscription) -> Subscription:
        """Take in a page. Raises TooManyError: the page then asks from time to time instead."""
        with self._lock:
            self._let_go_for(subscription)
            if not self._has_room_for(subscription):
                raise TooManyError(_("Too many pages listen at once."), retry_after=60)
            self._open[subscription] = None
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()
        return subscription

    def _has_room_for(self, wanted: Subscription) -> bool:
        if len(self._open) >= MOST or len(self._of(wanted.reader)) >= MOST_EACH:
            return False
        return not wanted.guest or sum(held.guest for held in self._open) < MOST_GUESTS

    def _let_go_for(self, wanted: Subscription) -> None:
        """End the oldest page of a guest who turns many: it was most likely left."""
        own = self._of(wanted.reader)
        if wanted.guest and len(own) >= MOST_EACH_GUEST:
            own[0].end()
            del self._open[own[0]]

    def _of(self, reader: str) -> list[Subscription]:
        return [held for held in self._open if held.reader == reader]

    def close(self, subscription: Subscription) -> None:
        with self._lock:
            self._open.pop(subscription, None)

    def __len__(self) -> int:
        return len(self._open)

    def end(self) -> None:
        """Let every page go: the process is about to stop, and they come in at the next one."""
        with self._lock:
            for subscription in self._open:
                subscription.end()

    def look(self) -> bool:
        """Look once; return whether anybody is still listening."""
        with self._lock:
            listening = list(self._open)
            if not listening:
                self._thread = None
                return False
        marks = _marks(listening)
        for subscription in listening:
            subscription.learn(marks)
        return True

    def _run(self) -> None:
        going = True
        while going:
            try:
                going = self.look()
                time.sleep(PERIOD)
            except SQLAlchemyError as error:
                _log.warning("live pages: the database does not answer", exc_info=error)
                time.sleep(PATIENCE)


watch = Watch()


def stream(subscription: Subscription, may: Callable[[], bool]) -> Iterator[str]:
    """Yield server-sent events (HTML §9.2) until the page has to come in again.

    `may` says whether its reader still may know: without it nothing more is told.
    """
    yield "retry: 3000\n\n"
    end = time.monotonic() + LIFETIME
    while time.monotonic() < end and not subscription.over:
        if subscription.wait(HEARTBEAT):
            if not may():
                return
            yield "event: changed\ndata:\n\n"
            subscription.rest(PACE)
        else:
            yield ": still here\n\n"


def _marks(listening: Iterable[Subscription]) -> dict[Any, datetime | None]:
    cases = {case for one in listening for case in one.cases}
    desks = {desk for one in listening for desk in one.desks}
    one_by_one = select(Case.id, Case.moved_at).where(Case.id.in_(cases))
    with atomic(SYSTEM) as session:
        marks: dict[Any, datetime | None] = {}
        if cases:
            marks |= {row.id: row.moved_at for row in session.execute(one_by_one)}
        for desk in desks:
            latest = select(func.max(Case.moved_at)).where(Case.strand == desk)
            marks[desk] = session.scalar(latest)
        return marks

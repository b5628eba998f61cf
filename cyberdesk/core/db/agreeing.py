"""The clock of the database is the clock of the house: hosts whose own differ are corrected.

It is asked when a connection is made, now and then, and at once when this host's clock was set. An
answer is as exact as it was quick; differences of no account are left alone, so that a host whose
clock is kept (NTP) never notices any of this.
"""

import time
from datetime import datetime, timedelta
from typing import Any

import psycopg
import structlog
from sqlalchemy import Engine, event

from cyberdesk.core import clock

_AGAIN = 5.0  # seconds: the database's clock may be set as well
_OF_NO_ACCOUNT = timedelta(seconds=0.5)
_JUMP = 0.5  # seconds that a clock gains or loses against the one that nobody sets
_log = structlog.get_logger(__name__)


class Agreement:
    """What one process knows of the difference, and when it asked."""

    def __init__(self) -> None:
        self._asked_at = -_AGAIN
        self._skew = 0.0

    @property
    def is_due(self) -> bool:
        jumped = abs(_skew() - self._skew) > _JUMP
        return jumped or time.monotonic() - self._asked_at > _AGAIN

    def reach(self, connection: Any) -> None:
        """Ask the server of a connection on which nothing is under way."""
        before = clock.of_host()
        try:
            told = server_time(connection)
        except psycopg.Error:
            return  # whoever asked for the connection will find out, and say so
        after = clock.of_host()
        self._asked_at, self._skew = time.monotonic(), _skew()
        ahead = told - (before + (after - before) / 2)
        if abs(ahead) < _OF_NO_ACCOUNT + (after - before):
            ahead = timedelta()
        if abs(ahead - clock.ahead()) > _OF_NO_ACCOUNT:
            seconds = round(ahead.total_seconds(), 1)
            _log.warning("the database's clock is another than this host's", ahead=seconds)
        clock.agree(ahead)


def server_time(connection: Any) -> datetime:
    """Return what the server's clock shows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: datetime = cursor.fetchone()[0]
    connection.rollback()
    return told


def _skew() -> float:
    return clock.of_host().timestamp() - time.monotonic()


def watch(engine: Engine) -> None:
    """Keep this process on the clock of the server of `engine`."""
    agreement = Agreement()

    @event.listens_for(engine, "connect")
    def at_first(connection: Any, _record: Any) -> None:
        agreement.reach(connection)

    @event.listens_for(engine, "checkout")
    def now_and_then(connection: Any, _record: Any, _proxy: Any) -> None:
        if agreement.is_due:
            agreement.reach(connection)

"""The clock of the database is the clock of the house: every process counts on from what it shows.

It is asked when a connection is made and now and then, for it may be set as well. An answer is as
exact as it was quick; differences of no account are left alone, so that time runs evenly.
"""

from datetime import datetime, timedelta
from typing import Any

import psycopg
import structlog
from sqlalchemy import Engine, event

from cyberdesk.core import clock

_AGAIN = 5.0  # seconds
_OF_NO_ACCOUNT = timedelta(seconds=0.5)
_log = structlog.get_logger(__name__)


class Agreement:
    """When one process asked last; what it was told stands in `core.clock`."""

    def __init__(self) -> None:
        self._asked_at = -_AGAIN

    @property
    def is_due(self) -> bool:
        return clock.steady() - self._asked_at > _AGAIN

    def reach(self, connection: Any) -> None:
        """Ask the server of a connection on which nothing is under way."""
        before = clock.steady()
        try:
            told = server_time(connection)
        except psycopg.Error:
            return  # whoever asked for the connection will find out, and say so
        after, believed = clock.steady(), clock.of_house()
        self._asked_at = after
        off = told + timedelta(seconds=(after - before) / 2) - believed
        other = abs(off) > _OF_NO_ACCOUNT + timedelta(seconds=after - before)
        if other:
            _log.warning("the database's clock is another", seconds=round(off.total_seconds(), 1))
        if other or not clock.is_agreed():
            clock.agree(believed + off, after)


def server_time(connection: Any) -> datetime:
    """Return what the server's clock shows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: datetime = cursor.fetchone()[0]
    connection.rollback()
    return told


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

"""Never handing out a connection whose server is gone, without asking the server each time.

A server that ends says so, or closes: the socket has something to read where nothing was asked.
Only then, or after a while without use, is it worth the question and its answer (SQLAlchemy's
`pool_pre_ping` asks before each transaction).
"""

import select
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

_LATELY = 5.0  # seconds since the last use within which a silent socket is believed
_USED = "used at"


def watch(engine: Engine) -> None:
    """Look at each connection of the pool before it is used."""

    @event.listens_for(engine, "checkin")
    def note_use(_connection: Any, record: Any) -> None:
        record.info[_USED] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def refuse_dead(connection: Any, record: Any, _proxy: Any) -> None:
        lately = time.monotonic() - record.info.get(_USED, time.monotonic()) < _LATELY
        if lately and not _has_something_to_say(connection):
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            # Whatever ended this one has ended the others: SQLAlchemy opens all of them anew.
            raise InvalidatePoolError from error


def _has_something_to_say(connection: Any) -> bool:
    if connection.closed:
        return True
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN)
    return bool(socket.poll(0))

"""A server that takes the call and never answers is away: nobody waits for it for minutes."""

import socket
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from cyberdesk.core.db import Database


def test_a_silent_server_is_given_up_after_seconds():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        opened = Database(f"postgresql://nobody@127.0.0.1:{port}/nothing", pool_size=1)
        begun = time.monotonic()
        with opened.session() as session, pytest.raises(OperationalError):
            session.execute(text("SELECT 1"))
        opened.close()
    assert time.monotonic() - begun < 10

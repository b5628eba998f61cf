"""A connection that the server has ended is not handed out; one in use is not asked each time."""

import psycopg
import pytest
from sqlalchemy import text

from cyberdesk.core.db import atomic, liveness
from cyberdesk.core.db.rls import SYSTEM

PID = text("SELECT pg_backend_pid()")


def backend() -> int:
    with atomic(SYSTEM) as session:
        return session.scalar(PID)


@pytest.fixture
def pings(database, monkeypatch):
    """How often the server was asked whether it is there, of connections that are all new."""
    database.close()
    asked, ask = [], database.engine.dialect.do_ping
    monkeypatch.setattr(
        database.engine.dialect, "do_ping", lambda link: asked.append(link) or ask(link)
    )
    return asked


def test_a_connection_in_use_is_not_asked(pings):
    assert backend() == backend() == backend()
    assert pings == []


def test_a_connection_that_the_server_ended_is_replaced(schema, pings):
    ended = backend()
    with psycopg.connect(schema.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute("SELECT pg_terminate_backend(%s, 2000)", (ended,))
    assert backend() != ended
    assert len(pings) == 1


def test_after_a_while_it_is_asked_all_the_same(pings, monkeypatch):
    here = backend()
    monkeypatch.setattr(liveness, "_LATELY", 0.0)
    assert backend() == here
    assert len(pings) == 1


def test_nested_settings_follow_the_reach_through_a_savepoint(database):
    """What a savepoint undid is told anew: no statement runs for a reach that is over."""
    asks = text("SELECT current_setting('cyberdesk.system', true)")
    with atomic() as session:
        assert session.scalar(asks) == "off"
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            with atomic(SYSTEM):
                assert session.scalar(asks) == "on"
            raise ZeroDivisionError
        assert session.scalar(asks) == "off"
        with atomic(SYSTEM):
            assert session.scalar(asks) == "on"
            with session.begin_nested() as inner:
                inner.rollback()
            assert session.scalar(asks) == "on"
        assert session.scalar(asks) == "off"

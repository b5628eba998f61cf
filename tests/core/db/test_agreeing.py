"""Processes go by the database's clock, whatever their host's shows."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from cyberdesk.core import clock
from cyberdesk.core.db import agreeing, atomic
from cyberdesk.core.db.rls import SYSTEM

NOW = text("SELECT clock_timestamp()")
HOUR = timedelta(hours=1)
NEAR = timedelta(seconds=0.5)


@pytest.fixture
def fresh(database, monkeypatch):
    """A process that has agreed on nothing yet, with connections that are all new."""
    monkeypatch.setattr(clock, "_agreed", None)
    monkeypatch.setattr(agreeing, "_AGAIN", 0.0)
    database.close()


def set_host(monkeypatch, by: timedelta) -> None:
    """Set this host's clock, as somebody with its keyboard does."""
    right = clock.of_host
    monkeypatch.setattr(clock, "of_host", lambda: right() + by)


def server_now():
    with atomic(SYSTEM) as session:
        return session.scalar(NOW)


@pytest.mark.parametrize("by", [-HOUR, HOUR, timedelta(seconds=-3)])
def test_a_host_that_is_wrong_from_the_beginning_is_corrected(fresh, monkeypatch, by) -> None:
    set_host(monkeypatch, by)
    assert abs(server_now() - clock.now()) < NEAR


@pytest.mark.parametrize("by", [-HOUR, HOUR])
def test_setting_the_clock_of_a_host_changes_nothing(fresh, monkeypatch, by) -> None:
    told = server_now()
    set_host(monkeypatch, by)
    assert abs(clock.now() - told) < NEAR, "not even before anybody asks"
    assert abs(server_now() - clock.now()) < NEAR


@pytest.mark.parametrize("by", [-HOUR, HOUR])
def test_setting_the_clock_of_the_database_is_followed(fresh, monkeypatch, by) -> None:
    server_now()
    ask = agreeing.server_time
    monkeypatch.setattr(agreeing, "server_time", lambda connection: ask(connection) + by)
    assert abs(server_now() + by - clock.now()) < NEAR


def test_a_difference_of_no_account_is_left_alone(fresh, monkeypatch) -> None:
    server_now()
    agreed, ask = clock._agreed, agreeing.server_time
    little = timedelta(seconds=0.3)
    monkeypatch.setattr(agreeing, "server_time", lambda connection: ask(connection) + little)
    server_now()
    assert clock._agreed == agreed

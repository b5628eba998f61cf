"""Hosts go by the database's clock, whatever their own show."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from cyberdesk.core import clock
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM

NOW = text("SELECT clock_timestamp()")
HOUR = timedelta(hours=1)


@pytest.fixture
def set_clock(database, monkeypatch):
    """Set this host's clock, as somebody with its keyboard does."""
    right = clock.of_host

    def off_by(by: timedelta) -> None:
        monkeypatch.setattr(clock, "of_host", lambda: right() + by)

    yield off_by
    monkeypatch.undo()
    server_now()
    assert clock.ahead() == timedelta()


def server_now():
    with atomic(SYSTEM) as session:
        return session.scalar(NOW)


@pytest.mark.parametrize("by", [-HOUR, HOUR, timedelta(seconds=-3)])
def test_a_clock_that_is_set_is_corrected_at_the_next_question(set_clock, by) -> None:
    server_now()
    set_clock(by)
    assert abs(server_now() - clock.now()) < timedelta(seconds=0.5)
    assert abs(clock.ahead() + by) < timedelta(seconds=0.5)


def test_a_host_that_is_wrong_from_the_beginning_is_corrected(database, set_clock) -> None:
    database.close()
    set_clock(-HOUR)
    assert abs(server_now() - clock.now()) < timedelta(seconds=0.5)


def test_a_difference_of_no_account_is_left_alone(database, set_clock) -> None:
    database.close()
    set_clock(timedelta(seconds=0.2))
    server_now()
    assert clock.ahead() == timedelta()

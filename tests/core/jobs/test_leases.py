"""Leases that nobody renews are found though the clock was set back."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cyberdesk.core import clock
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs import delivery, leases, outbox
from cyberdesk.core.jobs.leases import Watched
from cyberdesk.core.jobs.outbox_sweeps import bring_back_due, free_unrenewed

TERM = timedelta(seconds=12)


@pytest.fixture
def later(monkeypatch):
    """Let seconds pass on the clock that nobody sets."""
    passed = [1000.0]
    monkeypatch.setattr(leases.clock, "steady", lambda: passed[0])

    def wait(seconds: float) -> None:
        passed[0] += seconds

    return wait


def test_only_what_stood_for_a_whole_term_is_over(later) -> None:
    watched, until = Watched(TERM), clock.now()
    assert watched.unrenewed({"a": until, "b": until}) == []
    later(8)
    assert watched.unrenewed({"a": until, "b": until + TERM}) == []
    later(5)
    assert watched.unrenewed({"a": until, "b": until + TERM}) == ["a"]


def test_a_lease_that_went_away_and_came_back_begins_anew(later) -> None:
    watched, until = Watched(TERM), clock.now()
    watched.unrenewed({"a": until})
    later(8)
    watched.unrenewed({})
    later(8)
    assert watched.unrenewed({"a": until}) == []


def test_a_message_of_a_dead_worker_is_freed_after_the_clock_was_set_back(database, later) -> None:
    topic, watched = f"nobody:{uuid4()}", Watched(delivery.LEASE)
    with atomic(SYSTEM):
        outbox.send(topic, n=1)
    others = delivery.topics()
    assert delivery.claim(but=others).topic == topic
    with clock.using(clock.still(clock.now() - timedelta(hours=1))):
        assert free_unrenewed(watched) == 0
        later(13)
        assert free_unrenewed(watched) == 1
    again = delivery.claim(but=others)
    assert (again.topic, again.attempt) == (topic, 2)


def test_what_was_due_at_once_is_due_at_once_after_the_clock_was_set_back(database) -> None:
    now, later = f"now:{uuid4()}", f"later:{uuid4()}"
    with atomic(SYSTEM):
        outbox.send(now)
        outbox.send(later, due=clock.now() + timedelta(minutes=2))
    others = delivery.topics()
    back = clock.now() - timedelta(hours=1)
    with clock.using(clock.still(back)):
        assert delivery.claim(but=others) is None
        assert bring_back_due() >= 2
        assert bring_back_due() == 0
        assert delivery.claim(but=others).topic == now
        assert delivery.claim(but=others) is None
    with clock.using(clock.still(back + timedelta(minutes=3))):
        assert delivery.claim(but=others | {now}).topic == later

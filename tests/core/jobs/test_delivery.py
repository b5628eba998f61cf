"""The outbox delivers after the commit, at least once, and one completion counts."""

from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy import select, update

from cyberdesk.core import clock
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs import delivery, outbox
from cyberdesk.core.jobs.models import Message


@pytest.fixture
def topic(monkeypatch):
    """Register a handler for `test:topic`, returning the list of what it was given."""
    monkeypatch.setattr(delivery, "_handlers", {})
    seen = []
    delivery.handle("test:topic", lambda **payload: seen.append(payload))
    return seen


def message():
    with atomic(SYSTEM) as session:
        return session.scalars(select(Message)).one()


def send(**payload):
    with atomic():
        outbox.send("test:topic", **payload)


def test_it_is_delivered_once(database, topic):
    send(case_id="1")
    assert delivery.drain() == 1
    assert delivery.drain() == 0
    assert topic == [{"case_id": "1"}]
    assert message().delivered_at


def test_nothing_leaves_a_transaction_that_failed(database, topic):
    with pytest.raises(RuntimeError), atomic():
        outbox.send("test:topic")
        raise RuntimeError
    assert delivery.drain() == 0


def test_the_same_key_is_written_once_and_the_writer_is_told(database, topic):
    written = []
    for _ in range(3):
        with atomic():
            written.append(outbox.send("test:topic", dedup="one"))
    assert written == [True, False, False]
    assert delivery.drain() == 1


def test_what_is_due_later_waits(database, topic):
    with atomic():
        outbox.send("test:topic", due=clock.now() + timedelta(hours=1))
    assert delivery.drain() == 0
    with clock.using(clock.still(clock.now() + timedelta(hours=2))):
        assert delivery.drain() == 1


def test_a_failure_is_tried_again_later_and_says_why(database, monkeypatch):
    def fail(**_):
        raise ConnectionError("refused")

    monkeypatch.setattr(delivery, "_handlers", {"test:topic": fail})
    send()
    assert delivery.drain() == 1
    held = message()
    assert held.last_error == "ConnectionError: refused"
    assert held.due_at > clock.now()
    assert held.delivered_at is None


def test_after_its_last_attempt_it_is_left_to_a_person(database, monkeypatch):
    def fail(**_):
        raise ConnectionError("refused")

    monkeypatch.setattr(delivery, "_handlers", {"test:topic": fail})
    send()
    moment = clock.now()
    for _ in range(20):
        moment += timedelta(hours=2)
        with clock.using(clock.still(moment)):
            delivery.drain()
    held = message()
    assert held.failed_at
    assert held.attempts == 12


def test_a_topic_that_no_room_delivers_is_given_up_and_kept(database, topic):
    with atomic():
        outbox.send("test:unknown")
    delivery.drain()
    assert message().last_error == "GiveUpError: no room delivers test:unknown"


def test_a_lapsed_claim_is_taken_over_and_the_first_claimer_changes_nothing(database, topic):
    send()
    first = delivery.claim()
    assert delivery.claim() is None
    with clock.using(clock.still(clock.now() + delivery.LEASE * 2)):
        second = delivery.claim()
    assert second is not None
    assert second.attempt == 2
    delivery.deliver(first)  # thawed: its handler runs, its completion does not count
    assert message().delivered_at is None
    delivery.deliver(second)
    assert message().delivered_at
    assert len(topic) == 2


def test_a_message_under_way_is_not_given_to_another(database, topic):
    send()
    send()
    one, two = delivery.claim(), delivery.claim()
    assert one.id != two.id
    assert delivery.claim() is None


def test_the_lease_is_renewed_while_the_handler_runs(database, monkeypatch):
    monkeypatch.setattr(delivery, "_BEAT", 0.02)

    def slow(**_):
        with atomic(SYSTEM) as session:
            session.execute(update(Message).values(leased_until=clock.now()))
        for _ in range(100):
            if message().leased_until > clock.now() + timedelta(seconds=10):
                return
            sleep(0.05)
        raise AssertionError("never renewed")

    monkeypatch.setattr(delivery, "_handlers", {"test:topic": slow})
    send()
    delivery.drain()
    assert message().delivered_at

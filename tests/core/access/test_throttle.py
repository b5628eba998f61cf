"""Tries are slowed down, never refused for good, Redis or not."""

import time

import pytest

from cyberdesk.core.access import throttle
from cyberdesk.core.access.throttle import Limit, Memory, Shared, slow_down
from cyberdesk.core.errors import TooManyError

QUICK = Limit("quick", burst=3, every=0.2)


@pytest.fixture(params=["memory", "redis", "away"])
def store(request):
    if request.param == "memory":
        made = Memory()
    elif request.param == "redis":
        made = Shared(request.getfixturevalue("valkey_server").dsn)
        made._redis.flushdb()
    else:
        made = Shared("unix:///nowhere/valkey.sock")
    throttle.use(made)
    yield made
    throttle.use(Memory())


def waits(who, times):
    return [throttle.wait(QUICK, who) for _ in range(times)]


def test_a_burst_passes_then_tries_come_one_by_one(store):
    first = waits("a", 4)
    assert first[:3] == [0, 0, 0]
    assert 0 < first[3] <= QUICK.every
    time.sleep(first[3] + 0.02)
    again = waits("a", 2)
    assert again[0] == 0
    assert again[1] > 0


def test_waiting_tries_cost_nothing(store):
    """However often somebody hammers, the wait does not grow: it is no lock."""
    waits("a", 3)
    assert max(waits("a", 200)) <= QUICK.every


def test_others_are_not_slowed(store):
    waits("a", 10)
    assert throttle.wait(QUICK, "b") == 0
    assert throttle.wait(Limit("other", 3, 0.2), "a") == 0


def test_the_refusal_says_when_to_come_back(store):
    waits("a", 3)
    with pytest.raises(TooManyError) as refusal:
        slow_down(QUICK, "a")
    assert refusal.value.retry_after == 1


def test_redis_that_went_away_is_not_asked_each_time(monkeypatch):
    made = Shared("unix:///nowhere/valkey.sock")
    made.spend("k", QUICK)
    monkeypatch.setattr(made, "_script", None)  # calling it would fail loudly
    assert made.spend("k", QUICK) == 0


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(throttle, "_REMEMBERED", 100)
    made = Memory()
    for number in range(1000):
        made.spend(str(number), QUICK)
    assert len(made._spent) == 100

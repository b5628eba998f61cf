"""Slowing down: so often at once, then one try every so often. Nothing is ever locked.

The generic cell rate algorithm keeps one instant per key: when the next try is due. It lives in
Redis, shared by every process; while Redis does not answer each process counts for itself.
"""

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol

import structlog

from cyberdesk.core.errors import TooManyError
from cyberdesk.core.text import _

_log = structlog.get_logger(__name__)
_REMEMBERED = 20_000
_AWAY_SECONDS = 10.0

# KEYS[1]: the instant until which tries are spent. Returns the seconds to wait, 0 to go on.
_SPEND = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
local every, ahead = tonumber(ARGV[1]), tonumber(ARGV[2])
local spent = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local wait = spent + every - now - ahead
if wait > 0 then return tostring(wait) end
redis.call('SET', KEYS[1], tostring(spent + every), 'EX', math.ceil(ahead + every))
return '0'
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `burst` tries at once, and one more every `every` seconds."""

    name: str
    burst: int
    every: float

    @property
    def ahead(self) -> float:
        return self.burst * self.every


class Store(Protocol):
    """Where tries are counted."""

    def spend(self, key: str, limit: Limit) -> float:
        """Count a try; return 0, or without counting it the seconds to wait."""
        ...


class Memory:
    """Counts in this process. It forgets the oldest keys first."""

    def __init__(self) -> None:
        self._spent: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def spend(self, key: str, limit: Limit) -> float:
        now = time.monotonic()
        with self._lock:
            spent = max(self._spent.get(key, 0.0), now)
            wait = spent + limit.every - now - limit.ahead
            if wait > 0:
                return wait
            self._spent[key] = spent + limit.every
            self._spent.move_to_end(key)
            if len(self._spent) > _REMEMBERED:
                self._spent.popitem(last=False)
        return 0.0


class Shared:
    """Counts in Redis, and in this process while Redis is away."""

    def __init__(self, url: str) -> None:
        from cyberdesk.core.jobs.bell import connect

        self._redis: Any = connect(url)
        self._script = self._redis.register_script(_SPEND)
        self._meanwhile = Memory()
        self._away_until = 0.0

    def spend(self, key: str, limit: Limit) -> float:
        from redis.exceptions import RedisError

        if time.monotonic() >= self._away_until:
            try:
                return float(self._script(keys=[key], args=[limit.every, limit.ahead]))
            except RedisError as error:
                _log.warning("Redis does not answer; each process counts tries", exc_info=error)
                self._away_until = time.monotonic() + _AWAY_SECONDS
        return self._meanwhile.spend(key, limit)


_store: Store = Memory()


def use(store: Store) -> None:
    """Let this process count in `store`."""
    global _store  # noqa: PLW0603  # one store per process, chosen when it starts
    _store = store


def wait(limit: Limit, who: str) -> float:
    """Count a try of `who`; return 0, or the seconds after which the next one is taken."""
    key = hashlib.sha256(f"{limit.name}\x00{who}".encode()).hexdigest()[:32]
    return _store.spend(f"throttle:{key}", limit)


def slow_down(limit: Limit, who: str, *, hint: Any = "") -> None:
    """Count a try of `who`. Raises TooManyError when it comes too soon after too many."""
    seconds = wait(limit, who)
    if seconds > 0:
        raise TooManyError(
            _("That was often in a short time. Wait a moment, then try again."),
            hint=hint,
            retry_after=max(1, round(seconds + 0.5)),
        )

"""The one source of time: UTC, aware, and replaceable.

Exercises run on an accelerated clock and tests on a still one, so nothing else in the house
asks the operating system what time it is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def _system() -> datetime:
    return datetime.now(UTC)


_clock: ContextVar[Clock] = ContextVar("clock", default=_system)


def now() -> datetime:
    """Return the present instant, UTC, as the current clock tells it."""
    return _clock.get()()


@contextmanager
def using(clock: Clock) -> Iterator[None]:
    """Let `clock` tell the time inside the block."""
    token = _clock.set(clock)
    try:
        yield
    finally:
        _clock.reset(token)


def still(instant: datetime) -> Clock:
    """Return a clock that always shows `instant`."""
    if instant.tzinfo is None:
        raise ValueError("a clock needs an aware datetime")
    return lambda: instant

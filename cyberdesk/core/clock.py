"""The one source of time: UTC, aware, and replaceable.

Exercises run on an accelerated clock and tests on a still one, so nothing else in the house
asks the operating system what time it is.

Hosts that work on one database go by its clock, whatever their own show: who holds a lease, and
until when, is then the same for all of them (`core.db.agreeing`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


_ahead = timedelta()  # of the house's clock, compared with this host's


def of_host() -> datetime:
    """Return what this host's own clock shows, right or wrong."""
    return datetime.now(UTC)


def _system() -> datetime:
    return of_host() + _ahead


def agree(ahead: timedelta) -> None:
    """Let this process go by a clock that is `ahead` of its host's."""
    global _ahead  # noqa: PLW0603  # one clock of the house, as seen from this process
    _ahead = ahead


def ahead() -> timedelta:
    """Return how far the house's clock is ahead of this host's."""
    return _ahead


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

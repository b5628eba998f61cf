"""The one source of time: UTC, aware, and replaceable.

Exercises run on an accelerated clock and tests on a still one, so nothing else in the house
asks the operating system what time it is.

Hosts that work on one database go by its clock, whatever their own show: who holds a lease, and
until when, is then the same for all of them (`core.db.agreeing`). From there a process counts on by
the clock that nobody sets, so that setting its host's changes nothing in the midst of its work.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]

# With the time that the machine slept, where the system tells it (Linux, clock_gettime(2)).
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_agreed: tuple[datetime, float] | None = None  # an instant, and what `steady` showed then


def steady() -> float:
    """Return seconds since some moment, the same for every process: nobody sets this clock."""
    return time.clock_gettime(_STEADY)


def of_host() -> datetime:
    """Return what this host's own clock shows, right or wrong."""
    return datetime.now(UTC)


def is_agreed() -> bool:
    """Say whether this process has been told what the house's clock shows."""
    return _agreed is not None


def agree(instant: datetime, at: float) -> None:
    """Let this process count on from `instant`, which it was when `steady` showed `at`."""
    global _agreed  # noqa: PLW0603  # one clock of the house, as seen from this process
    _agreed = instant, at


def of_house() -> datetime:
    """Return what was agreed on, counted on until now; before that, what the host's clock shows."""
    if _agreed is None:
        return of_host()
    instant, at = _agreed
    return instant + timedelta(seconds=steady() - at)


_clock: ContextVar[Clock] = ContextVar("clock", default=of_house)


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

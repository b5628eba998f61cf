"""« Ce matin », « hier », a date: when something happened, as roughly as the person can say.

An approximate moment is kept as an interval of UTC instants, fixed when it was said: « hier » read
again in a month must not move. Its fidelity is one of STIX's (timestamp-fidelity-enum).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from cyberdesk.strands.cyber.calendar import PARIS

Fidelity = Literal["minute", "hour", "day", "month", "year"]

OLDEST = date(2000, 1, 1)
CLOCK_SKEW = timedelta(minutes=15)  # a phone's clock may run ahead of ours


@dataclass(frozen=True, slots=True)
class Moment:
    """Somewhere between two UTC instants, both included."""

    said: str
    earliest: datetime
    latest: datetime
    fidelity: Fidelity

    def as_answer(self) -> dict[str, str]:
        return {
            "said": self.said,
            "earliest": self.earliest.isoformat(),
            "latest": self.latest.isoformat(),
            "fidelity": self.fidelity,
        }


def moment(answer: object) -> Moment | None:
    """Return what an answer tells, None when nobody knows."""
    match answer:
        case {"said": str(said), "earliest": str(first), "latest": str(last), "fidelity": fidelity}:
            return Moment(
                said, datetime.fromisoformat(first), datetime.fromisoformat(last), fidelity
            )
        case _:
            return None


def saying(said: str, now: datetime) -> Moment:
    """Return what `said` (one of SAYINGS but a date) means at `now`; KeyError for another word."""
    local = now.astimezone(PARIS)
    earliest, latest, fidelity = _MEANINGS[said](local)
    last = min(latest.astimezone(UTC), now)
    return Moment(said, min(earliest.astimezone(UTC), last), last, fidelity)


def dated(day: date, at: time | None, now: datetime) -> Moment:
    """Return that day in Paris, or that minute of it; ValueError when it is not in the past."""
    start = datetime.combine(day, at or time.min, PARIS).astimezone(UTC)
    if start > now + CLOCK_SKEW:
        raise ValueError("in_the_future")
    if day < OLDEST:
        raise ValueError("too_long_ago")
    start = min(start, now)
    if at is not None:
        return Moment("date", start, min(start + timedelta(minutes=1), now), "minute")
    return Moment("date", start, min(_at(day + timedelta(days=1), 0).astimezone(UTC), now), "day")


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), PARIS)


_Interval = tuple[datetime, datetime, Fidelity]


def _just_now(now: datetime) -> _Interval:
    return now.astimezone(UTC) - timedelta(hours=1), now, "hour"


def _this_morning(now: datetime) -> _Interval:
    return _at(now.date(), 0), _at(now.date(), 12), "day"


def _today(now: datetime) -> _Interval:
    return _at(now.date(), 0), now, "day"


def _last_night(now: datetime) -> _Interval:
    return _at(now.date() - timedelta(days=1), 19), _at(now.date(), 8), "day"


def _yesterday(now: datetime) -> _Interval:
    return _at(now.date() - timedelta(days=1), 0), _at(now.date(), 0), "day"


def _this_week(now: datetime) -> _Interval:
    return _at(now.date() - timedelta(days=7), 0), now, "month"


def _longer(now: datetime) -> _Interval:
    return _at(now.date() - timedelta(days=365), 0), _at(now.date() - timedelta(days=7), 0), "year"


_MEANINGS: dict[str, Callable[[datetime], _Interval]] = {
    "just_now": _just_now,
    "this_morning": _this_morning,
    "today": _today,
    "last_night": _last_night,
    "yesterday": _yesterday,
    "this_week": _this_week,
    "longer": _longer,
}

# What can be said, in the order in which it is offered; the words are in questionnaire.yaml.
SAYINGS = (*_MEANINGS, "date", "unknown")

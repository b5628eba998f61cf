"""When a delay ends, in the legal time of the commune: Paris, or that of an overseas territory.

Three ways of counting, because the law has three: hours run without stopping, in real elapsed time
(an hour more or less on the clock when summer time changes); working days skip week-ends and
French public holidays and do not count the first day; months end on the same day number, or on the
last day of a shorter month. Nothing is extended because it ends on a Sunday, and holidays that only
some territories have (Alsace-Moselle, overseas) count as working days: the shorter reading is the
safe one for whoever must act.
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

PARIS = ZoneInfo("Europe/Paris")
LAST_MINUTE = time(23, 59)
# Legal time overseas (decree 79-896), by the first three figures of the INSEE code.
_OVERSEAS = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}

Unit = Literal["hours", "working_days", "months"]
_SPELLINGS: dict[str, Unit] = {
    "h": "hours",
    "working day": "working_days",
    "working days": "working_days",
    "month": "months",
    "months": "months",
}
_DURATION = re.compile(r"(\d{1,4}) ?(h|working days?|months?)")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Duration:
    """A delay as the law words it: `72h`, `5 working days`, `1 month`."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read the spelling used in the data files; raise ValueError for any other."""
        found = _DURATION.fullmatch(text)
        if not found or int(found[1]) == 0:
            raise ValueError(f"not a delay: {text!r}; write 72h, 5 working days or 1 month")
        return cls(int(found[1]), _SPELLINGS[found[2]])


def zone_of(code: str | None) -> ZoneInfo:
    """Return the legal time of the organisation with this INSEE code; that of Paris without one."""
    return ZoneInfo(_OVERSEAS.get((code or "")[:3], "Europe/Paris"))


def deadline(start: datetime, duration: Duration, zone: ZoneInfo = PARIS) -> datetime:
    """Return the UTC instant at which `duration`, counted from `start` (aware), ends in `zone`."""
    local = _local(start, zone)
    if duration.unit == "hours":
        return start.astimezone(UTC) + timedelta(hours=duration.amount)
    if duration.unit == "working_days":
        day = add_working_days(local.date(), duration.amount)
        return datetime.combine(day, LAST_MINUTE, zone).astimezone(UTC)
    day = add_months(local.date(), duration.amount)
    return datetime.combine(day, local.timetz()).astimezone(UTC)


def add_working_days(day: date, amount: int) -> date:
    """Return the `amount`-th working day after `day`, which itself is never counted."""
    while amount > 0:
        day += timedelta(days=1)
        amount -= is_working_day(day)
    return day


def add_months(day: date, amount: int) -> date:
    """Return the same day number `amount` months later, or the last day of that month."""
    months = day.year * 12 + day.month - 1 + amount
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def is_working_day(day: date) -> bool:
    """Monday to Friday and no national public holiday (code du travail, art. L3133-1)."""
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Return the national public holidays of a year; the first call takes a third of a second."""
    return frozenset(holidays.country_holidays("FR", years=year))


def reminders(start: datetime, due: datetime, before: Iterable[timedelta]) -> tuple[datetime, ...]:
    """Return the instants `before` the end that still lie between `start` and `due`, in order."""
    instants = {due - lead for lead in before}
    return tuple(sorted(instant for instant in instants if start < instant < due))


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("a deadline is counted from an aware datetime")
    return instant.astimezone(zone)

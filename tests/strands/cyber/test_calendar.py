"""Deadlines across the traps of the French calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberdesk.strands.cyber.calendar import (
    PARIS,
    Duration,
    add_months,
    add_working_days,
    deadline,
    is_working_day,
    reminders,
)

INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
H72 = Duration(72, "hours")
FIVE = Duration(5, "working_days")
MONTH = Duration(1, "months")


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (paris(2026, 11, 23, 7, 43), paris(2026, 11, 26, 7, 43)),
        (paris(2026, 3, 28, 9, 0), paris(2026, 3, 31, 10, 0)),  # an hour is skipped on the 29th
        (
            paris(2026, 10, 24, 9, 0),
            paris(2026, 10, 27, 8, 0),
        ),  # an hour is lived twice on the 25th
        (paris(2026, 12, 30, 23, 30), paris(2027, 1, 2, 23, 30)),
        (paris(2028, 2, 27, 12, 0), paris(2028, 3, 1, 12, 0)),  # leap year
    ],
)
def test_72_hours_are_real_hours(start: datetime, end: datetime) -> None:
    assert deadline(start, H72) == end
    assert deadline(start, H72) - start.astimezone(UTC) == timedelta(hours=72)


def test_72_hours_from_the_hour_lived_twice_tell_its_two_passages_apart() -> None:
    first = paris(2026, 10, 25, 2, 30)
    second = first.replace(fold=1)
    assert deadline(second, H72) - deadline(first, H72) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "last"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),  # Monday to Monday
        (date(2026, 11, 20), date(2026, 11, 27)),  # Friday: the week-end does not count
        (date(2026, 11, 21), date(2026, 11, 27)),  # Saturday
        (date(2026, 4, 3), date(2026, 4, 13)),  # Easter Monday is the 6th
        (date(2026, 4, 27), date(2026, 5, 5)),  # Friday 1 May
        (date(2026, 5, 5), date(2026, 5, 13)),  # Friday 8 May
        (date(2026, 5, 11), date(2026, 5, 19)),  # Ascension on the 14th
        (date(2026, 5, 22), date(2026, 6, 1)),  # Whit Monday on the 25th
        (date(2026, 12, 22), date(2026, 12, 30)),  # Christmas
        (date(2026, 12, 29), date(2027, 1, 6)),  # year end
        (date(2028, 2, 25), date(2028, 3, 3)),  # 29 February is a Tuesday
    ],
)
def test_five_working_days(start: date, last: date) -> None:
    assert add_working_days(start, 5) == last


def test_working_days_end_with_the_last_minute_of_the_day_in_paris() -> None:
    end = deadline(paris(2026, 10, 22, 8, 0), FIVE)
    assert end.astimezone(PARIS) == paris(2026, 10, 29, 23, 59)
    assert end == datetime(2026, 10, 29, 22, 59, tzinfo=UTC)  # winter time by then


def test_the_day_on_which_it_starts_is_that_of_paris() -> None:
    late_monday_utc = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # Tuesday 00:30 in Paris
    assert deadline(late_monday_utc, FIVE).astimezone(PARIS).date() == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (paris(2026, 11, 26, 7, 43), paris(2026, 12, 26, 7, 43)),
        (paris(2027, 1, 31, 10, 0), paris(2027, 2, 28, 10, 0)),
        (paris(2028, 1, 31, 10, 0), paris(2028, 2, 29, 10, 0)),
        (paris(2026, 12, 31, 10, 0), paris(2027, 1, 31, 10, 0)),
        (paris(2026, 3, 1, 9, 0), paris(2026, 4, 1, 9, 0)),  # same hour on the wall, summer time
    ],
)
def test_one_month(start: datetime, end: datetime) -> None:
    assert deadline(start, MONTH) == end


def test_a_month_that_ends_in_the_hour_that_does_not_exist_ends_an_hour_later() -> None:
    hole = deadline(paris(2026, 1, 29, 2, 30), Duration(2, "months"))
    assert hole.astimezone(PARIS) == paris(2026, 3, 29, 3, 30)


@given(INSTANTS, st.integers(1, 2000))
def test_hours_always_last_their_exact_length(start: datetime, hours: int) -> None:
    assert deadline(start, Duration(hours, "hours")) - start == timedelta(hours=hours)


@given(DAYS, st.integers(1, 40))
def test_working_days_are_counted_one_by_one(start: date, amount: int) -> None:
    end = add_working_days(start, amount)
    counted = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert is_working_day(end)
    assert sum(is_working_day(day) for day in counted) == amount


@given(INSTANTS, INSTANTS, st.integers(1, 10))
def test_a_later_start_never_ends_earlier(one: datetime, two: datetime, amount: int) -> None:
    earlier, later = sorted((one, two))
    duration = Duration(amount, "working_days")
    assert deadline(earlier, duration) <= deadline(later, duration)


@given(DAYS, st.integers(1, 36))
def test_months_keep_the_day_number_or_end_the_month(start: date, amount: int) -> None:
    end = add_months(start, amount)
    assert (end.year - start.year) * 12 + end.month - start.month == amount
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


def test_reminders_lie_between_start_and_end_in_order() -> None:
    start = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    due = start + timedelta(hours=24)
    leads = [timedelta(hours=h) for h in (1, 24, 48, 6, 6)]
    assert reminders(start, due, leads) == (due - timedelta(hours=6), due - timedelta(hours=1))


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        deadline(datetime(2026, 11, 23, 7, 0), H72)  # noqa: DTZ001


@pytest.mark.parametrize("text", ["72h", "5 working days", "1 month", "2 working days"])
def test_spellings(text: str) -> None:
    assert Duration.parse(text).amount == int(text.split(maxsplit=1)[0].rstrip("h"))


@pytest.mark.parametrize("text", ["", "72", "0h", "3 days", "-1h", "1 month ", "99999h"])
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a delay"):
        Duration.parse(text)

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
    zone_of,
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


def easter(year: int) -> date:
    """Return Easter Sunday by the anonymous Gregorian computus, apart from any library of ours."""
    a, (b, c) = year % 19, divmod(year, 100)
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * e) // 451
    month, day = divmod(h + e - 7 * m + 114, 31)
    return date(year, month, day + 1)


def national_holidays(year: int) -> set[date]:
    """Return the eleven of the code du travail, art. L3133-1."""
    fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    moving = [timedelta(days=n) for n in (1, 39, 50)]  # Easter Monday, Ascension, Whit Monday
    return {date(year, *one) for one in fixed} | {easter(year) + one for one in moving}


@given(DAYS)
def test_a_working_day_is_a_week_day_that_is_no_national_holiday(day: date) -> None:
    assert is_working_day(day) is (day.weekday() < 5 and day not in national_holidays(day.year))


@given(st.integers(2024, 2060))
def test_easter_monday_and_whit_monday_are_never_counted(year: int) -> None:
    for after in (1, 50):
        monday = easter(year) + timedelta(days=after)
        friday = monday - timedelta(days=3)
        assert monday.weekday() == 0
        assert add_working_days(friday, 1) == monday + timedelta(days=1)


@given(st.integers(2024, 2060))
def test_the_holidays_of_alsace_moselle_and_overseas_shorten_nothing(year: int) -> None:
    """Good Friday, 26 December, the days of the abolition of slavery: the safe reading counts them."""
    local = [easter(year) - timedelta(days=2), date(year, 12, 26), date(year, 5, 22)]
    local += [date(year, 4, 27), date(year, 5, 27), date(year, 6, 10), date(year, 12, 20)]
    for day in local:
        assert is_working_day(day) is (day.weekday() < 5 and day not in national_holidays(year))


HOURS_OF_CHANGE = st.sampled_from(
    [
        date(y, m, d)
        for y, m, d in [
            (2026, 3, 29),
            (2026, 10, 25),
            (2027, 3, 28),
            (2027, 10, 31),
            (2028, 3, 26),
            (2028, 10, 29),
        ]
    ]
)


@given(HOURS_OF_CHANGE, st.integers(-96 * 60, 24 * 60))
def test_72_hours_stay_72_hours_around_every_change_of_hour(day: date, minutes: int) -> None:
    start = datetime.combine(day, datetime.min.time(), UTC) + timedelta(minutes=minutes)
    end = deadline(start, H72)
    assert end - start == timedelta(hours=72)
    shift = end.astimezone(PARIS).utcoffset() - start.astimezone(PARIS).utcoffset()  # type: ignore[operator]
    wall = end.astimezone(PARIS).replace(tzinfo=None) - start.astimezone(PARIS).replace(tzinfo=None)
    assert wall == timedelta(hours=72) + shift


@given(INSTANTS, st.integers(1, 10))
def test_working_days_end_on_a_working_day_at_its_last_minute(start: datetime, amount: int) -> None:
    end = deadline(start, Duration(amount, "working_days")).astimezone(PARIS)
    assert (end.hour, end.minute) == (23, 59)
    assert is_working_day(end.date())


@pytest.mark.parametrize(
    ("code", "hour"),
    [
        ("97411", 19),
        ("97611", 20),
        ("97105", 3),
        ("97302", 2),
        ("2A004", 22),
        ("13055", 22),
        (None, 22),
    ],
)
def test_a_working_day_ends_at_the_midnight_of_the_commune(code: str | None, hour: int) -> None:
    """Monday 23 November 2026, noon UTC, one working day: Tuesday 23:59 where the commune is."""
    end = deadline(
        datetime(2026, 11, 23, 12, tzinfo=UTC), Duration(1, "working_days"), zone_of(code)
    )
    assert (end.hour, end.minute) == (hour, 59)


@given(INSTANTS)
def test_hours_are_the_same_everywhere(start: datetime) -> None:
    assert deadline(start, H72, zone_of("97411")) == deadline(start, H72)

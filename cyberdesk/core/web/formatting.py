"""How dates, sizes, numbers and text are written for people, in their language.

Instants are stored in UTC and shown in the time of the communes. Every function takes the
language as a Babel locale name; `install` makes Jinja filters that follow the reader's.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from jinja2 import Environment

from cyberdesk.core import clock

ZONE = ZoneInfo("Europe/Paris")
NARROW = "\u202f"  # the thin space that French sets before ; : ! ? and inside guillemets
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def local(value: datetime) -> datetime:
    """Return `value` in the time of the communes; a naive instant is refused, not guessed."""
    if value.tzinfo is None:
        raise ValueError("an instant to show needs a time zone")
    return value.astimezone(ZONE)


def date_time(value: datetime, locale: str = "fr") -> str:
    """`lun. 23 nov. 07:40`; the year is written when it is not the present one."""
    here = local(value)
    year = "" if here.year == local(clock.now()).year else " y"
    return format_datetime(here, f"EEE d MMM{year} HH:mm", locale=locale)


def day(value: date | datetime, locale: str = "fr") -> str:
    """`lundi 23 novembre 2026`, for papers and headings."""
    return format_date(_as_date(value), "EEEE d MMMM y", locale=locale)


def short_day(value: date | datetime, locale: str = "fr") -> str:
    """`23 nov. 2026`, for tables."""
    return format_date(_as_date(value), "d MMM y", locale=locale)


def hour(value: datetime, locale: str = "fr") -> str:
    """`07:40`."""
    return format_datetime(local(value), "HH:mm", locale=locale)


def near(value: datetime, locale: str = "fr") -> str:
    """`18:53` today, `mer. 18:53` within six days, else the whole date: for narrow columns."""
    here, today = local(value), local(clock.now()).date()
    days = abs((here.date() - today).days)
    if days > 6:  # noqa: PLR2004 - a week later the name of the day means another one
        return date_time(value, locale)
    return format_datetime(here, "EEE HH:mm" if days else "HH:mm", locale=locale)


def machine(value: datetime) -> str:
    """Return the instant as HTML wants it in `datetime`: `2026-11-23T06:40:00Z`."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def relative(value: datetime, locale: str = "fr") -> str:
    """`il y a 3 h`, `dans 6 min`: the nearest unit, rounded down."""
    gap = value - clock.now()
    seconds = int(abs(gap).total_seconds())
    unit = next(u for u in (_DAY, _HOUR, _MINUTE, 1) if seconds >= u or u == 1)
    count = max(1, seconds // unit)
    signed = timedelta(seconds=count * unit if gap >= timedelta() else -count * unit)
    # The count as threshold stops Babel at this very unit.
    return format_timedelta(
        signed, format="short", threshold=count, add_direction=True, locale=locale
    )


def duration(value: timedelta, locale: str = "fr") -> str:
    """`45 s`, `9 min`, `71 h 10`, `7 j 4 h`: two units at most, never a fraction."""
    seconds = int(abs(value).total_seconds())
    if seconds < _MINUTE:
        return f"{seconds}{NARROW}s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE}{NARROW}min"
    if seconds < 4 * _DAY:
        return _pair(seconds // _HOUR, "h", seconds % _HOUR // _MINUTE, "")
    letter = "j" if locale.startswith("fr") else "d"
    return _pair(seconds // _DAY, letter, seconds % _DAY // _HOUR, f"{NARROW}h")


def _pair(major: int, unit: str, minor: int, tail: str) -> str:
    head = f"{major}{NARROW}{unit}"
    if not minor:
        return head
    return f"{head}{NARROW}{minor}{tail}" if tail else f"{head}{NARROW}{minor:02d}"


def size(value: int, locale: str = "fr") -> str:
    """`812 o`, `2,4 Mo`: decimal units, as disks and offers are sold."""
    letter = "o" if locale.startswith("fr") else "B"
    amount, unit = Decimal(value), ""
    for unit in ("", "k", "M", "G", "T"):
        if amount < 1000 or unit == "T":  # noqa: PLR2004 - a thousand is a thousand
            break
        amount /= 1000
    pattern = "#,##0" if unit in ("", "k") else "#,##0.#"
    return f"{format_decimal(amount, pattern, locale=locale)}{NARROW}{unit}{letter}"


def number(value: Decimal | float, locale: str = "fr") -> str:
    return format_decimal(value, locale=locale)


def percent(value: float, locale: str = "fr") -> str:
    """`0.6` gives `60 %`."""
    return format_percent(value, locale=locale)


def euros(cents: Decimal | int, locale: str = "fr") -> str:
    """Money is kept in cents; `123450` gives `1 234,50 €`."""
    return format_currency(Decimal(cents) / 100, "EUR", locale=locale)


def phone(value: str) -> str:
    """Write a French number as it is spoken: `04 94 00 00 00`, `0 805 036 083`, `32 18`."""
    digits = re.sub(r"\D", "", value.replace("(0)", ""))
    if value.strip().startswith("+33"):
        digits = "0" + digits[2:]
    if re.fullmatch(r"08\d{8}", digits):
        return NARROW.join((digits[0], digits[1:4], digits[4:7], digits[7:]))
    if re.fullmatch(r"0\d{9}|\d{4}", digits):
        return NARROW.join(re.findall("..", digits))
    return value.strip()


def phone_link(value: str) -> str:
    """Return the `tel:` address; a French national number gets its country code (RFC 3966)."""
    kept = re.sub(r"[^\d+]", "", value.replace("(0)", ""))
    return "tel:" + (f"+33{kept[1:]}" if re.fullmatch(r"0\d{9}", kept) else kept)


def spelled(reference: str) -> str:
    """Spell a reference for the ear: `CD-7K4-92M` gives `C D, 7 K 4, 9 2 M`."""
    return ", ".join(" ".join(part) for part in reference.split("-"))


def initials(name: str) -> str:
    """`Jeanne Martin-Roux` gives `JM`."""
    words = [word for word in re.split(r"[\s-]+", name) if word and word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()


_BEFORE = re.compile(r"[ \u00a0](?=[;:!?»])|(?<=«)[ \u00a0]")


def typography(text: str, locale: str = "fr") -> str:
    """Bind French punctuation to its word, so that no line begins with a lone `?`.

    Markup and translated texts pass unchanged: they are set by those who write them.
    """
    if hasattr(text, "__html__"):
        return text
    return _BEFORE.sub(NARROW, text) if locale.startswith("fr") else text


def _as_date(value: date | datetime | str) -> date:
    if isinstance(value, str):  # the day a fact was checked, as YAML and JSON keep it
        return date.fromisoformat(value)
    return local(value).date() if isinstance(value, datetime) else value


_LOCAL: tuple[Callable[..., str], ...] = (
    date_time, near, day, short_day, hour, relative, duration, size, number, percent,
    euros, typography,
)  # fmt: skip
_PLAIN: tuple[Callable[..., str], ...] = (machine, phone, phone_link, spelled, initials)


def install(env: Environment, current: Callable[[], str]) -> None:
    """Add every function above as a filter of its own name; `current` tells the language."""

    def follow(write: Callable[..., str], value: Any) -> str:
        return "" if value is None else write(value, current())

    for write in _LOCAL:
        env.filters[write.__name__] = partial(follow, write)
    for write in _PLAIN:
        env.filters[write.__name__] = write

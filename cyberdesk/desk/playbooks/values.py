"""Typed values of playbook variables: CACAO 2.0 §10.18 types, with unknown as None.

CACAO writes every value as a string; a run holds numbers and booleans as such, so that its state
is plain JSON and conditions compare like with like.
"""

import ipaddress
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

Value = bool | int | float | str | dict[str, Any] | None

LONGEST_TEXT = 20_000
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}\Z")
_HEX = re.compile(r"[0-9a-fA-F]+\Z")
_MAC = re.compile(r"[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}\Z")
_WORDS = {"true": True, "false": False}


class BadValueError(ValueError):
    """The text is not a value of the type; the message says what is expected, in English."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared variable. `fact` names what the case tells it; `choices` closes its values.

    `asked` is the question, {fr, en}, for whoever starts the playbook by hand.
    """

    name: str
    type: str
    default: Value = None
    constant: bool = False
    fact: str | None = None
    choices: Mapping[str, Any] = field(default_factory=dict)
    asked: Mapping[str, str] | None = None


def read_value(kind: str, raw: Any) -> Value:
    """Return `raw`, a JSON scalar or its text, as a value of type `kind`; None stays unknown.

    Raises BadValueError.
    """
    if raw is None:
        return None
    reader = _READERS.get(kind, _text)
    return reader(raw)


def write_value(value: Value) -> str | dict[str, Any] | None:
    """Return `value` as CACAO writes it: strings, but for dictionaries and unknown."""
    if value is None or isinstance(value, dict):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def instant(value: Any) -> datetime | None:
    """Return `value`, RFC 3339 text, as an aware datetime, or None."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else None


def _bool(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.strip().lower() in _WORDS:
        return _WORDS[raw.strip().lower()]
    raise BadValueError("true or false")


def _integer(raw: Any) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and _INTEGER.match(raw.strip()):
        return int(raw)
    raise BadValueError("a whole number")


def _float(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise BadValueError("a number")
    try:
        number = float(raw)
    except (ValueError, OverflowError):
        raise BadValueError("a number") from None
    if not math.isfinite(number):
        raise BadValueError("a finite number")
    return number


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise BadValueError("a text")
    if len(raw) > LONGEST_TEXT:
        raise BadValueError(f"at most {LONGEST_TEXT} characters")
    return raw


def _datetime(raw: Any) -> str:
    read = instant(raw)
    if read is None:
        raise BadValueError("a date and time with its zone, like 2026-11-22T08:00:00Z")
    return read.isoformat().replace("+00:00", "Z")


def _dictionary(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise BadValueError("an object")
    return raw


def _checked(expected: str, check: Callable[[str], object]) -> Callable[[Any], str]:
    def read(raw: Any) -> str:
        text = _text(raw).strip()
        try:
            good = check(text)
        except ValueError:
            good = False
        if not good:
            raise BadValueError(expected)
        return text

    return read


def _hexadecimal(length: int | None = None) -> Callable[[str], bool]:
    return lambda text: bool(_HEX.match(text)) and length in (None, len(text))


_READERS: dict[str, Callable[[Any], Value]] = {
    "bool": _bool,
    "integer": _integer,
    "long": _integer,
    "float": _float,
    "dictionary": _dictionary,
    "datetime": _datetime,
    "hexstring": _checked("hexadecimal digits", _hexadecimal()),
    "hash": _checked("hexadecimal digits", _hexadecimal()),
    "md5-hash": _checked("32 hexadecimal digits", _hexadecimal(32)),
    "sha256-hash": _checked("64 hexadecimal digits", _hexadecimal(64)),
    "ipv4-addr": _checked("an IPv4 address", ipaddress.IPv4Interface),
    "ipv6-addr": _checked("an IPv6 address", ipaddress.IPv6Interface),
    "mac-addr": _checked("a MAC address", _MAC.match),
    "uri": _checked("an address with its scheme", lambda text: urlsplit(text).scheme),
    "uuid": _checked("a UUID", UUID),
}

CACAO_TYPES = frozenset(_READERS) - {"datetime"} | {"string"}
# What people write and CACAO holds as a string with a format of our extension.
FORMATS = frozenset({"text", "choice", "datetime"})
TYPES = CACAO_TYPES | FORMATS

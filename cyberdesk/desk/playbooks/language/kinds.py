"""What may stand behind a key: each kind reads a node and describes itself as JSON Schema."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from cyberdesk.desk.playbooks.conditions import Condition, ConditionError, parse, variables
from cyberdesk.desk.playbooks.language.findings import Place
from cyberdesk.desk.playbooks.language.nodes import Fields, Items, Node, Scalar
from cyberdesk.desk.playbooks.language.reading import NAME, Reading

Schema = dict[str, Any]
LANGUAGES = ("fr", "en")
_DURATION = re.compile(r"(?:[0-9]{1,5}[smhdwy])+\Z")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}
_LONGEST_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Kind:
    """`read` returns the value, or None after telling the fault."""

    read: Callable[[Node, Reading], Any]
    schema: Schema
    required: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """A condition with the place where it is written."""

    condition: Condition
    place: Place


def must(kind: Kind) -> Kind:
    return Kind(kind.read, kind.schema, required=True)


# -- scalars


def _scalar(node: Node, reading: Reading, expected: str) -> Any:
    if isinstance(node, Scalar) and node.value is not None:
        return node.value
    reading.fault("expected", node, expected=expected)
    return None


def _string(expected: str, check: Callable[[str], object], schema: Schema) -> Kind:
    def read(node: Node, reading: Reading) -> str | None:
        value = _scalar(node, reading, expected)
        text = node.text if isinstance(node, Scalar) else ""
        if value is not None and not check(text):
            reading.fault("expected", node, expected=expected)
            return None
        return None if value is None else text

    return Kind(read, {"type": "string", **schema})


def one_of(names: Iterable[str], code: str = "not-among") -> Kind:
    known = tuple(names)

    def read(node: Node, reading: Reading) -> str | None:
        value = _scalar(node, reading, ", ".join(known))
        if value is not None and node.text not in known:  # type: ignore[attr-defined]
            near = closest(str(value), known)
            reading.fault(code, node, value=value, known=", ".join(known), near=near)
            return None
        return None if value is None else str(value)

    return Kind(read, {"enum": list(known)})


def integer(least: int, most: int) -> Kind:
    expected = f"{least}…{most}"

    def read(node: Node, reading: Reading) -> int | None:
        value = _scalar(node, reading, expected)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        if value is not None:
            reading.fault("expected", node, expected=expected)
        return None

    return Kind(read, {"type": "integer", "minimum": least, "maximum": most})


def _flag(node: Node, reading: Reading) -> bool | None:
    value = _scalar(node, reading, "true, false")
    if value is None or isinstance(value, bool):
        return value
    reading.fault("expected", node, expected="true, false")
    return None


def _milliseconds(node: Node, reading: Reading) -> int | None:
    text = str(_scalar(node, reading, "30m, 4h, 3d") or "")
    if not _DURATION.match(text):
        if text:
            reading.fault("not-a-duration", node, value=text)
        return None
    return milliseconds(text)


def milliseconds(text: str) -> int | None:
    """Return how long `1h30m` is, None for what is no duration."""
    if not _DURATION.match(text):
        return None
    parts = re.findall(r"([0-9]+)([smhdwy])", text)
    return 1000 * sum(int(count) * _UNITS[unit] for count, unit in parts)


def _timestamp(node: Node, reading: Reading) -> str | None:
    """A date becomes its first instant, as CACAO's timestamps need (exactly three digits)."""
    text = str(_scalar(node, reading, "2026-11-22") or "")
    try:
        return f"{date.fromisoformat(text).isoformat()}T00:00:00.000Z"
    except ValueError:
        if text:
            reading.fault("not-a-date", node, value=text)
        return None


def _any_scalar(node: Node, reading: Reading) -> Any:
    if isinstance(node, Scalar):
        return node.value
    reading.fault("expected", node, expected="a value")
    return None


flag = Kind(_flag, {"type": "boolean"})
duration = Kind(_milliseconds, {"type": "string", "pattern": _DURATION.pattern.removesuffix("\\Z")})
day = Kind(_timestamp, {"type": "string", "format": "date"})
scalar = Kind(_any_scalar, {"type": ["string", "number", "boolean", "null"]})
identifier = _string("a-z, 0-9, _", NAME.match, {"pattern": "^[a-z][a-z0-9_]*$"})
line = _string("a text", lambda text: 0 < len(text) <= _LONGEST_TEXT, {})
url = _string("https://…", re.compile(r"https?://[^\s]{3,500}\Z").match, {"format": "uri"})
dotted = _string(
    "connector.action",
    re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\Z").match,
    {"pattern": r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$"},
)


# -- texts in both languages


def _text(node: Node, reading: Reading) -> dict[str, str] | None:
    if not isinstance(node, Fields):
        reading.fault("text-needs-languages", node)
        return None
    for key, place in node.keys.items():
        if key not in LANGUAGES:
            loose = isinstance(node.fields[key], Scalar) and node.fields[key].value is None  # type: ignore[attr-defined]
            reading.fault("comma-in-text" if loose else "unknown-language", place, key=key)
    return _translations(node, reading)


def _translations(node: Fields, reading: Reading) -> dict[str, str] | None:
    texts = {}
    for language in LANGUAGES:
        written = node.fields.get(language)
        if not isinstance(written, Scalar) or not written.text.strip():
            reading.fault("translation-missing", written or node, language=language)
            return None
        if len(written.text) > _LONGEST_TEXT:
            reading.fault("text-too-long", written, limit=_LONGEST_TEXT)
        texts[language] = reading.template(written.text.strip(), written)
    return texts


def _texts(node: Node, reading: Reading) -> list[dict[str, str]] | None:
    written = node.items if isinstance(node, Items) else (node,)
    read = [_text(item, reading.into(index)) for index, item in enumerate(written)]
    return [item for item in read if item] or None


text = Kind(
    _text,
    {
        "type": "object",
        "properties": {language: {"type": "string"} for language in LANGUAGES},
        "required": list(LANGUAGES),
        "additionalProperties": False,
    },
)
texts = Kind(_texts, {"anyOf": [text.schema, {"type": "array", "items": text.schema}]})


# -- collections


def listing(kind: Kind) -> Kind:
    def read(node: Node, reading: Reading) -> list[Any] | None:
        if not isinstance(node, Items):
            reading.fault("list-expected", node)
            return None
        read = (kind.read(item, reading.into(i)) for i, item in enumerate(node.items))
        return [item for item in read if item is not None]

    return Kind(read, {"type": "array", "items": kind.schema})


def mapping(kind: Kind, keys: re.Pattern[str] = NAME) -> Kind:
    def read(node: Node, reading: Reading) -> dict[str, Any] | None:
        if not isinstance(node, Fields):
            reading.fault("fields-expected", node)
            return None
        out = {}
        for key, below in node.fields.items():
            if not keys.match(key):
                reading.fault("bad-name", node.keys[key], name=key)
            item = kind.read(below, reading.into(key))
            if item is not None:
                out[key] = item
        return out

    return Kind(read, {"type": "object", "additionalProperties": kind.schema})


def record(fields: Mapping[str, Kind]) -> Kind:
    """A mapping with known keys; what is unknown is a fault that names the nearest key."""

    def read(node: Node, reading: Reading) -> dict[str, Any] | None:
        if not isinstance(node, Fields):
            reading.fault("fields-expected", node)
            return None
        return read_record(node, fields, reading)

    return Kind(read, schema_of(fields))


def read_record(node: Fields, fields: Mapping[str, Kind], reading: Reading) -> dict[str, Any]:
    for key, place in node.keys.items():
        if key not in fields:
            near = closest(key, fields)
            reading.fault("unknown-key", place, key=key, near=near, known=", ".join(fields))
    for key, kind in fields.items():
        if kind.required and key not in node.fields:
            reading.fault("missing-key", node, key=key)
    known = ((key, fields[key], below) for key, below in node.fields.items() if key in fields)
    read = ((key, kind.read(below, reading.into(key))) for key, kind, below in known)
    return {key: item for key, item in read if item is not None}


def schema_of(fields: Mapping[str, Kind]) -> Schema:
    return {
        "type": "object",
        "properties": {key: kind.schema for key, kind in fields.items()},
        "required": [key for key, kind in fields.items() if kind.required],
        "additionalProperties": False,
    }


def _input(node: Node, reading: Reading) -> Any:
    """Input of an action: any JSON; texts are templates."""
    match node:
        case Fields():
            return {key: _input(below, reading.into(key)) for key, below in node.fields.items()}
        case Items():
            return [_input(item, reading) for item in node.items]
        case Scalar():
            held = node.value
            return reading.template(held, node) if isinstance(held, str) else held


inputs = Kind(
    lambda node, reading: (
        _input(node, reading)
        if isinstance(node, Fields)
        else reading.fault("fields-expected", node)
    ),
    {"type": "object"},
)


# -- conditions


def _test(node: Node, reading: Reading) -> Test | None:
    written = _scalar(node, reading, "a condition")
    if written is None or not isinstance(node, Scalar):
        return None
    try:
        condition = parse(node.text)
    except ConditionError as error:
        place = Place(node.place.line, node.place.column + error.offset)
        reading.fault(f"condition-{error.code}", place, text=node.text, found=error.found)
        return None
    for variable in variables(condition):
        reading.refer(variable, node)
    return Test(condition, node.place)


condition = Kind(_test, {"type": "string"})


def closest(word: str, known: Iterable[str]) -> str:
    return next(iter(get_close_matches(word, list(known), 1, 0.6)), "")

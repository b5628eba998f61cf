"""Puts the values of variables into texts, once: what a value contains is never read again."""

import re
from collections.abc import Mapping
from typing import Any

from cyberdesk.desk.playbooks.values import Value, instant, write_value

Text = Mapping[str, str]

_REFERENCE = re.compile(r"__([A-Za-z_][A-Za-z0-9_-]{0,246}?)__:value(?![A-Za-z0-9_])")
_MARK = ":value"  # most texts speak of no variable
_UNKNOWN = {"fr": "inconnu", "en": "unknown"}
_BOOL = {"fr": ("non", "oui"), "en": ("no", "yes")}
_LONGEST_VALUE = 500


def fill(text: str, values: Mapping[str, Value], language: str = "fr") -> str:
    """Return `text` with each `__name__:value` replaced as a person reads it.

    A name that is not among `values` is left as it stands.
    """

    def spoken(found: re.Match[str]) -> str:
        name = found.group(1)
        return _spoken(values[name], language) if name in values else found.group()

    return _REFERENCE.sub(spoken, text) if _MARK in text else text


def as_written(text: str) -> str:
    """Return `text` with its variables as authors write them: `{organisation}`."""
    return _REFERENCE.sub(r"{\1}", text) if _MARK in text else text


def fill_all(content: Any, values: Mapping[str, Value]) -> Any:
    """Return `content` with every `{fr, en}` text in it filled in its own language."""
    if isinstance(content, Mapping):
        if content.keys() == {"fr", "en"}:
            return {language: fill(text, values, language) for language, text in content.items()}
        return {key: fill_all(below, values) for key, below in content.items()}
    if isinstance(content, list | tuple):
        return [fill_all(item, values) for item in content]
    return content


def resolve(given: Any, values: Mapping[str, Value]) -> Any:
    """Return an action's input with its variables: a lone reference keeps the value's type."""
    if isinstance(given, str):
        alone = _REFERENCE.fullmatch(given)
        if alone and alone.group(1) in values:
            return values[alone.group(1)]
        return _REFERENCE.sub(lambda found: _machine(found, values), given)
    if isinstance(given, Mapping):
        if given.keys() == {"fr", "en"}:
            return fill_all(given, values)
        return {key: resolve(below, values) for key, below in given.items()}
    if isinstance(given, list | tuple):
        return [resolve(item, values) for item in given]
    return given


def _machine(found: re.Match[str], values: Mapping[str, Value]) -> str:
    if found.group(1) not in values:
        return found.group()
    written = write_value(values[found.group(1)])
    return "" if written is None else str(written)


def _spoken(value: Value, language: str) -> str:
    if value is None:
        return _UNKNOWN[language]
    if isinstance(value, bool):
        return _BOOL[language][value]
    moment = instant(value)
    text = moment.strftime("%d/%m/%Y %H:%M UTC") if moment else str(write_value(value))
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"

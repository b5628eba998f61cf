"""`{step}` in a branch: what the step asked for that the branch stands in for.

Known as soon as the branch is laid out, so that the published playbook holds plain words.
"""

from collections.abc import Iterator, Mapping
from typing import Any

STEP = "step"  # the name that texts write
_WRITTEN = f"__{STEP}__:value"  # as reading leaves it
_TITLED = ("task", "question")
Both = Mapping[str, str]


def title_of(key: str, fields: Mapping[str, Any]) -> Both | None:
    """Return what a step that asks for something is called; None for one that only leads on."""
    title: Both | None = next((fields[name] for name in _TITLED if fields.get(name)), None)
    return title or ({"fr": key, "en": key} if fields.keys() & {"do", "wait"} else None)


def stand_for(title: Both, fields: Any) -> Any:
    """Return `fields` with `title` in place of `{step}` in every `{fr, en}` text."""
    if isinstance(fields, dict):
        if fields.keys() == {"fr", "en"}:
            return {tongue: _said(text, title[tongue]) for tongue, text in fields.items()}
        return {name: stand_for(title, value) for name, value in fields.items()}
    if isinstance(fields, list):
        return [stand_for(title, value) for value in fields]
    return fields


def left_open(fields: Any) -> bool:
    """Say whether a `{step}` still stands in `fields`."""
    return any(_WRITTEN in text for text in _texts(fields))


def _said(text: Any, title: str) -> Any:
    return text.replace(_WRITTEN, title) if isinstance(text, str) else text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for below in value.values() if isinstance(value, dict) else value:
            yield from _texts(below)

"""Texts in two languages, for connectors that take one."""

from collections.abc import Mapping
from typing import Any

from cyberdesk.desk.connectors.service import action_named


def localised(action: str, given: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return the input with `{fr, en}` in `language` wherever the action takes a plain string."""
    found = action_named(action)
    schema: Mapping[str, Any] = found[1].input if found else {}
    properties: Mapping[str, Any] = schema.get("properties", {})
    return {name: _one(value, properties.get(name, {}), language) for name, value in given.items()}


def _one(value: Any, schema: Mapping[str, Any], language: str) -> Any:
    both = isinstance(value, Mapping) and value.keys() == {"fr", "en"}
    return value[language] if both and schema.get("type") == "string" else value

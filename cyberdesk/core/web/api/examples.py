"""An example of every body, made of the examples of its fields: whole, and of its own shape."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
_DEEPEST = 8
_FORMATS = {
    "uuid": "0199d3a1-5c2e-7d10-9b7e-4f1c2a6b8d90",
    "date-time": "2026-11-27T08:30:00Z",
    "date": "2026-11-27",
}
_PLAIN: dict[str, Any] = {
    "string": "…",
    "integer": 1,
    "number": 1,
    "boolean": False,
    "null": None,
    "object": {},
}


def example_of(schema: Schema, schemas: Mapping[str, Schema], *, deep: int = 0) -> Any:
    """Return a value of `schema`; `schemas` are those that it may refer to, by name."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas, deep=deep + 1)
    given = [*schema.get("examples", ()), *schema.get("enum", ())]
    if given:
        return given[0]
    if "anyOf" in schema:
        return _first_of(schema["anyOf"], schemas, deep)
    if schema.get("type") == "array":
        inside = example_of(schema.get("items", {}), schemas, deep=deep + 1)
        return [] if deep > _DEEPEST else [inside]
    if "properties" in schema:
        fields = schema["properties"].items()
        return {name: _field(about, schemas, deep) for name, about in fields}
    return _plain(schema)


def _field(about: Schema, schemas: Mapping[str, Schema], deep: int) -> Any:
    if "default" in about and not about.get("examples"):
        return about["default"]
    return example_of(about, schemas, deep=deep + 1)


def _first_of(ways: list[Schema], schemas: Mapping[str, Schema], deep: int) -> Any:
    told = [one for one in ways if one.get("type") != "null"]
    return example_of((told or ways)[0], schemas, deep=deep)


def _plain(schema: Schema) -> Any:
    kind = schema.get("type")
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), _PLAIN["string"])
    if kind in {"integer", "number"}:
        return schema.get("minimum", _PLAIN[kind])
    return _PLAIN.get(str(kind))

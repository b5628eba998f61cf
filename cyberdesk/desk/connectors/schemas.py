"""JSON Schema 2020-12 for settings and inputs. Imported when a connector acts: the library is slow
to load, and a page must not wait for it.
"""

from collections.abc import Mapping
from typing import Any


def check_schema(schema: Mapping[str, Any]) -> None:
    """Raise ValueError when `schema` is not a JSON Schema."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise ValueError(error.message) from error


def faults(schema: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, str]:
    """Return each fault of `given`: its path ("" for the whole) and what is wrong."""
    from jsonschema import Draft202012Validator

    found = Draft202012Validator(schema).iter_errors(dict(given))
    return {".".join(str(part) for part in fault.path): fault.message for fault in found}

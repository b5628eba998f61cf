"""JSON Schema 2020-12 for settings and inputs. Imported when a connector acts: the library is slow
to load, and a page must not wait for it.
"""

from collections.abc import Mapping
from typing import Any

from cyberdesk.core.json_schema import validator
from cyberdesk.core.text import Text, _


def check_schema(schema: Mapping[str, Any]) -> None:
    """Raise ValueError when `schema` is not a JSON Schema."""
    draft = validator()
    from jsonschema.exceptions import SchemaError

    try:
        draft.check_schema(schema)
    except SchemaError as error:
        raise ValueError(error.message) from error


def faults(schema: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Text | str]:
    """Return each fault of `given`: its path ("" for the whole) and what is wrong."""
    found: dict[str, Text | str] = {}
    for fault in validator()(schema).iter_errors(dict(given)):
        path = [str(part) for part in fault.path]
        if fault.validator == "required":
            missing = [name for name in fault.validator_value if name not in fault.instance]
            found |= {".".join([*path, name]): _("This is required.") for name in missing}
        else:
            found[".".join(path)] = _said(fault)
    return found


def _said(fault: Any) -> Text | str:
    asked = fault.validator_value
    if fault.validator == "type":
        return _TYPES.get(str(asked), str(fault.message))
    if words := _WORDS.get(fault.validator):
        listed = ", ".join(map(str, asked)) if isinstance(asked, list) else str(asked)
        return Text(words.msgid, {"asked": listed})
    return str(fault.message)


_WORDS = {
    "minLength": _("At least %(asked)s characters."),
    "maxLength": _("At most %(asked)s characters."),
    "minimum": _("Not below %(asked)s."),
    "maximum": _("Not above %(asked)s."),
    "minItems": _("At least %(asked)s of them."),
    "maxItems": _("At most %(asked)s of them."),
    "enum": _("One of: %(asked)s."),
    "pattern": _("This has not the form that is asked for (%(asked)s)."),
}
_TYPES = {
    "integer": _("A whole number."),
    "number": _("A number."),
    "boolean": _("Yes or no."),
}

"""From a value to STIX 2.1 objects and patterns, made and checked by the stix2 library.

The library takes a second to import, so it is imported where it is first needed: a web process that
shows no observable never pays for it.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _
from cyberdesk.desk.intel.defanging import defang
from cyberdesk.desk.intel.reading import KINDS, Sort, Value, files
from cyberdesk.desk.intel.reading.sorts import ALGORITHMS

Stix = dict[str, Any]
_ADDRESSES = frozenset({Sort.IPV4, Sort.IPV6})
# Sorts whose object holds the value in one property. A Windows account keeps its domain before it.
_ONE: dict[Sort, str] = {
    Sort.IPV4: "value",
    Sort.IPV6: "value",
    Sort.DOMAIN: "value",
    Sort.URL: "value",
    Sort.EMAIL: "value",
    Sort.MAC: "value",
    Sort.FILE: "name",
    Sort.FOLDER: "path",
    Sort.REGISTRY: "key",
    Sort.PROCESS: "command_line",
    Sort.MUTEX: "name",
    Sort.ACCOUNT: "account_login",
}


def observables(value: Value) -> list[Stix]:
    """Return the object of `value`, then those that it refers to.

    Ids are UUIDv5 of the contents (STIX 2.1 §2.9), so that everybody who sees the same value makes
    the same object. A process has no such contents and gets a random id.
    Raises InvalidError for a value that the library refuses.
    """
    if value.sort is Sort.PATH:
        folder, name = files.split(value.text)
        place = _made("directory", path=folder)
        return [_made("file", name=name, parent_directory_ref=place["id"]), place]
    return [_made(KINDS[value.sort].stix, **_properties(value))]


def pattern(value: Value) -> str:
    """Return the STIX pattern that finds `value` (STIX 2.1 §9), quotes and backslashes escaped."""
    from stix2 import patterns

    equal = patterns.EqualityComparisonExpression
    if value.sort in _ADDRESSES and "/" in value.text:
        equal = patterns.IsSubsetComparisonExpression
    parts = [equal(path, _constant(held, value.sort)) for path, held in _compared(value)]
    whole = parts[0] if len(parts) == 1 else patterns.AndBooleanExpression(parts)
    return str(patterns.ObservationExpression(whole))


def indicator(
    value: Value, *, stix_id: str, author: str, since: datetime, marking: str, description: str
) -> Stix:
    """Return the indicator that finds `value` from `since` on; `author` and `marking` are ids."""
    return _made(
        "indicator",
        id=stix_id,
        created_by_ref=author,
        created=since,
        modified=since,
        name=defang(value),
        description=description,
        indicator_types=["malicious-activity"],
        pattern=pattern(value),
        pattern_type="stix",
        lang="fr",
        valid_from=since,
        object_marking_refs=[marking],
    )


def marked(stix: Stix, marking: str, at: datetime) -> Stix:
    """Return the next version of an object, with another marking."""
    from stix2 import new_version, parse

    return plain(new_version(parse(stix), object_marking_refs=[marking], modified=at))


def plain(made: Any) -> Stix:
    """Return an object of the stix2 library as plain JSON data."""
    data: Stix = json.loads(made.serialize())
    return data


def _properties(value: Value) -> Mapping[str, Any]:
    if value.sort in ALGORITHMS:
        return {"hashes": {ALGORITHMS[value.sort][0]: value.text}}
    if value.sort is Sort.ASN:
        return {"number": int(value.text)}
    held: dict[str, Any] = {_ONE[value.sort]: value.text}
    if value.sort is Sort.ACCOUNT and "\\" in value.text:
        held["account_type"] = "windows-domain"
    return held


def _compared(value: Value) -> list[tuple[str, str]]:
    kind = KINDS[value.sort].stix
    if value.sort in ALGORITHMS:
        return [(f"file:hashes.'{ALGORITHMS[value.sort][0]}'", value.text)]
    if value.sort is Sort.PATH:
        folder, name = files.split(value.text)
        return [("file:name", name), ("file:parent_directory_ref.path", folder)]
    return [(f"{kind}:{'number' if value.sort is Sort.ASN else _ONE[value.sort]}", value.text)]


def _constant(held: str, sort: Sort) -> Any:
    from stix2 import patterns

    return patterns.IntegerConstant(held) if sort is Sort.ASN else patterns.StringConstant(held)


def _made(kind: str, **properties: Any) -> Stix:
    from stix2.exceptions import STIXError

    try:
        return plain(_class(kind)(**properties))
    except (STIXError, ValueError) as refused:
        raise InvalidError(
            _("This is not a valid STIX object: %(why)s", why=str(refused)[:200])
        ) from refused


def _class(kind: str) -> Callable[..., Any]:
    from stix2.registry import STIX2_OBJ_MAPS

    known = STIX2_OBJ_MAPS["2.1"]
    made: Callable[..., Any] = known["observables"].get(kind) or known["objects"][kind]
    return made

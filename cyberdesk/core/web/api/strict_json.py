"""JSON read strictly (RFC 8259, I-JSON RFC 7493): what two readers may understand differently is
refused: a key given twice, NaN, a lone surrogate, NUL, nesting without end.
"""

import json
from typing import Any, NoReturn

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _

MAX_DEPTH = 32


def strict_json(raw: bytes) -> Any:
    """Return the value that `raw` spells. Raises InvalidError."""
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse)
    except RecursionError:
        raise _wrong(_("It is nested too deeply.")) from None
    except ValueError as error:
        raise _wrong(str(error)) from None
    _check(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice in one object")
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _check(value: Any) -> None:
    """Walk through `value` without recursion: its depth, and texts that cannot be kept."""
    waiting = [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise _wrong(_("It is nested too deeply."))
        if isinstance(one, str) and not _storable(one):
            raise _wrong(_("A text holds a character that is not allowed (NUL or half a pair)."))
        if isinstance(one, dict):
            waiting.extend((part, depth + 1) for pair in one.items() for part in pair)
        elif isinstance(one, list):
            waiting.extend((part, depth + 1) for part in one)


def _storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _wrong(why: Any) -> InvalidError:
    return InvalidError(
        _("The body is not JSON that can be read: %(why)s", why=why),
        hint=_("Send one JSON value in UTF-8, each key once."),
    )

"""RFC 8785 canonical JSON and the content hash that names a playbook's version."""

import hashlib
import json
import math
from typing import Any

_SAFE = 2**53 - 1
# ECMAScript writes a number plainly below this, and with an exponent from here on.
_PLAIN_BELOW, _PLAIN_FROM = 1e21, 1e-6


def canonical(value: Any) -> bytes:
    """Return `value` (plain JSON) in the JSON Canonicalization Scheme, RFC 8785.

    Raises ValueError for NaN, infinities and integers that a double cannot hold.
    """
    return _write(value).encode()


def content_hash(playbook: dict[str, Any]) -> str:
    """Return `sha256:<hex>` over the playbook without its signatures."""
    body = {key: value for key, value in playbook.items() if key != "signatures"}
    return "sha256:" + hashlib.sha256(canonical(body)).hexdigest()


def _write(value: Any) -> str:
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int():
            return _integer(value)
        case float():
            return _number(value)
        case dict():
            # Names are sorted by their UTF-16 code units (RFC 8785 §3.2.3).
            names = sorted(value, key=lambda name: name.encode("utf-16-be"))
            return "{" + ",".join(f"{_write(n)}:{_write(value[n])}" for n in names) + "}"
        case list() | tuple():
            return "[" + ",".join(map(_write, value)) + "]"
    raise ValueError(f"{type(value).__name__} is not JSON")


def _integer(value: int) -> str:
    if abs(value) > _SAFE:
        raise ValueError("an integer beyond 2^53 has no exact form in JSON: write it as a string")
    return str(value)


def _number(value: float) -> str:
    """Write a double as ECMAScript's Number::toString does (RFC 8785 §3.2.2.3)."""
    if not math.isfinite(value):
        raise ValueError("NaN and infinities are not JSON")
    if value == 0:
        return "0"
    digits, _, power = f"{value!r}".partition("e")
    if power or not _PLAIN_FROM <= abs(value) < _PLAIN_BELOW:
        return _scientific(value)
    return digits.removesuffix(".0")


def _scientific(value: float) -> str:
    sign, digits, point = _decimal(value)
    if _PLAIN_FROM <= abs(value) < _PLAIN_BELOW:
        whole = digits.ljust(point, "0") if point > 0 else "0." + "0" * -point + digits
        return sign + whole
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{sign}{mantissa}e{point - 1:+d}"


def _decimal(value: float) -> tuple[str, str, int]:
    """Return sign, shortest digits and the place of the point: value = 0.digits × 10^point."""
    mantissa, _, power = f"{abs(value)!r}".partition("e")
    whole, _, rest = mantissa.partition(".")
    digits = (whole + rest).rstrip("0") if rest != "0" else whole.rstrip("0")
    point = len(whole) + int(power or 0)
    stripped = digits.lstrip("0")
    return ("-" if value < 0 else ""), stripped, point - (len(digits) - len(stripped))

"""What a paper can print of what people typed. PDF/A and PDF/UA refuse a sign without a shape."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

# Signs that the fonts of the typst wheel hold on every machine: Latin, Greek, Cyrillic, and what
# stands between words. Others depend on the fonts of the system.
_SURE = re.compile(
    "[\n\x20-\x7e\xa0-\xac\xae-\u017f\u0192\u0218-\u021b\u0391-\u03a1\u03a3-\u03c9\u0400-\u045f"
    "\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u202f\u2030\u2032\u2033\u2039\u203a\u20ac"
    "\u2122\u2190-\u2193\u2212\u2248\u2260\u2264\u2265]"
)


def clean(data: Any) -> Any:
    """Return JSON `data` without the signs that no font has: controls, halves of a pair, privates.

    Marks that turn the direction of text, or have no ink, are spelled out: a paper is evidence.
    """
    return _each(data, _no_shape)


def sure(data: Any) -> Any:
    """Return JSON `data` with every sign spelled out that some machine may have no font for."""
    return _each(data, lambda sign: sign if _SURE.match(sign) else _spelled(sign))


def _no_shape(sign: str) -> str:
    if sign in "\n\t":
        return sign
    category = unicodedata.category(sign)
    if category in {"Cc", "Cs"}:
        return "\N{REPLACEMENT CHARACTER}" if category == "Cs" else ""
    return _spelled(sign) if category in {"Cf", "Co", "Cn"} and sign != "\xad" else sign


def _spelled(sign: str) -> str:
    return f"[U+{ord(sign):04X}]"


def _each(data: Any, way: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        plain = data.isascii() and data.isprintable()
        return data if plain else "".join(map(way, data))
    if isinstance(data, dict):
        return {name: _each(held, way) for name, held in data.items()}
    if isinstance(data, list | tuple):
        return [_each(held, way) for held in data]
    return data

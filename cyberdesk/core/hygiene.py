"""Text typed by anybody: what cannot be seen is taken out, and said to have been.

Direction marks reorder what a reader sees, zero-width signs hide words from a search; neither is
typed by a person on a keyboard (Unicode TR 36 §2.9, TR 39).
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_LINE_ENDS = {"\u2028": "\n", "\u2029": "\n"}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The text that can be seen, and how many invisible signs were in it."""

    text: str
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class CleanedForm:
    """The fields of a form, every value of each, and how many invisible signs were in them."""

    fields: dict[str, list[str]]
    hidden: int = 0


def clean(text: str) -> Cleaned:
    """Drop format characters (category Cf), lone surrogates and NUL; keep all that is visible."""
    if text.isascii() and "\x00" not in text:
        return Cleaned(text)
    kept = [_LINE_ENDS.get(sign, sign) for sign in text if not _invisible(sign)]
    return Cleaned("".join(kept), len(text) - len(kept))


def clean_form(fields: Mapping[str, Sequence[str]]) -> CleanedForm:
    """Clean every value; names of fields are checked elsewhere."""
    cleaned = {name: [clean(value) for value in values] for name, values in fields.items()}
    return CleanedForm(
        {name: [value.text for value in values] for name, values in cleaned.items()},
        sum(value.hidden for values in cleaned.values() for value in values),
    )


def _invisible(sign: str) -> bool:
    return sign == "\x00" or unicodedata.category(sign) in {"Cf", "Cs"}

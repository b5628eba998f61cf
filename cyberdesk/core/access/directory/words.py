"""Names as people type them: without accents, hyphens or apostrophes, `st` for `saint`."""

import re
import unicodedata
from collections.abc import Iterable

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o"})
_WRITTEN = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
# "mairie de Gap" is looked up as "gap", unless nothing would be left.
_TITLES = re.compile(r"^(?:la )?(?:mairie|commune|ville)(?: (?:de la|de l|de|du|des|d))? ")
_OTHER = re.compile(r"[^a-z0-9]+")
_LONGEST = 120


def plain(text: str) -> str:
    """Return the words of `text`, lower case ASCII, one space between: `st-éloi` → `saint eloi`."""
    folded = unicodedata.normalize("NFKD", text[:_LONGEST].lower().translate(_LIGATURES))
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return " ".join(_WRITTEN.get(word, word) for word in _OTHER.sub(" ", bare).split())


def asked(text: str) -> str:
    """Return what somebody typed as words to look up."""
    words = plain(text)
    return _TITLES.sub("", f"{words} ").strip() or words


def indexed(name: str, others: Iterable[str]) -> str:
    """Return the words that a row is found by: its name first, then its codes and other names."""
    return " ".join([plain(name), *(plain(other) for other in others)])

"""Passwords: long rather than odd, not guessable, kept as argon2id (ASVS 5.0 V6.2).

What guessers try first is refused by its core: a long password that is a common word, the name of
the site or of the person, a walk over the keyboard, a year and a few signs, is not long at all.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from cyberdesk.core.access import breached
from cyberdesk.core.text import Text, _

SHORTEST, LONGEST = 12, 128
TIME_COST, MEMORY_KIB = 2, 19 * 1024  # OWASP's second choice: less memory, two rounds
_REST = 8  # signs that must be left once everything guessable is taken out
_DIFFERENT = 6
_LIST = Path(__file__).parents[1] / "data" / "common_words.txt"
_LEET = str.maketrans("0134578@$!€", "oieastbasie")
_WALKS = ("azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_WALK = 4

_hasher = PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=1, type=Type.ID)


def normal(password: str) -> str:
    """Return `password` as it is hashed, however a keyboard composes its accents (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    return _hasher.hash(normal(password))


def verify_password(password: str, hashed: str) -> bool:
    try:
        return _hasher.verify(hashed, normal(password))
    except (VerificationError, InvalidHashError):
        return False


def faults(password: str, about: Iterable[str] = ()) -> list[Text]:
    """Return what is wrong with a new password, nothing when it will do.

    `about` are words that whoever guesses knows: the person's name and address.
    """
    text = normal(password)
    if len(text) < SHORTEST:
        return [_("Use at least %(count)s characters; a few words do well.", count=SHORTEST)]
    if len(text) > LONGEST:
        return [_("Use at most %(count)s characters.", count=LONGEST)]
    if len(set(text.lower())) < _DIFFERENT:
        return [_("Use more different characters.")]
    if len(_core(text, about)) < _REST:
        return [
            _(
                "This one is easily guessed: it is made of common words, names, years or a row of "
                "keys. Put together three or four words that have nothing to do with each other."
            )
        ]
    if breached.known(text) or breached.known(password):
        return [
            _(
                "This password was stolen somewhere: it stands in a list that guessers use. "
                "Choose another, and change it wherever else you use it."
            )
        ]
    return []


def _core(password: str, about: Iterable[str]) -> str:
    """What is left of `password` once everything that guessers try is taken out."""
    text = _plain(password.lower())
    spelled = _plain(password.lower().translate(_LEET))
    theirs = {_plain(part) for word in about for part in re.split(r"[\W_]+", word.lower())}
    known = sorted(theirs | common_words(), key=len, reverse=True)
    left = min((_without(one, known) for one in (text, spelled)), key=len)
    return _unrepeated(left)


def _without(text: str, words: Iterable[str]) -> str:
    for word in words:
        if len(word) > 2:  # noqa: PLR2004  # shorter ones are in everything
            text = text.replace(word, "")
    text = re.sub(r"(?:19|20)\d\d|\d{4,}|[^a-z0-9]", "", text)
    for walk in _WALKS:
        for row in (walk, walk[::-1]):
            for start in range(len(row) - _WALK + 1):
                text = text.replace(row[start : start + _WALK], "")
    return re.sub(r"\d{1,4}$", "", text)


def _unrepeated(text: str) -> str:
    """Return `abab` as `ab`: the shortest part of which `text` is the repetition."""
    return text[: (text + text).find(text, 1)] if text else text


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text)
    return re.sub(r"\s", "", "".join(sign for sign in folded if not unicodedata.combining(sign)))


@cache
def common_words() -> frozenset[str]:
    lines = _LIST.read_text().splitlines()
    return frozenset(line.strip() for line in lines if line and not line.startswith("#"))

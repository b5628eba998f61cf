"""Recovery codes: ten, on paper, each opens once in place of the telephone or the key.

60 random bits each, short enough to be typed at night; so they are hashed as slowly as passwords
(ASVS 5.0 V6.5.2).
"""

import secrets
from collections.abc import Iterable

from cyberdesk.core.access.signin.passwords import hash_password, verify_password
from cyberdesk.core.ids import ALPHABET

COUNT = 10
_SIGNS, _GROUP = 12, 4


def new_codes() -> list[str]:
    """Return fresh codes of 60 random bits, in groups that can be read out and typed."""
    return [
        _grouped("".join(secrets.choice(ALPHABET) for _ in range(_SIGNS))) for _ in range(COUNT)
    ]


def hashes(codes: Iterable[str]) -> list[str]:
    """Return what is kept of `codes`."""
    return [hash_password(_plain(code)) for code in codes]


def place_of(code: str, kept: list[str]) -> int | None:
    """Return where the hash of `code` stands in `kept`, or None. Every hash is looked at."""
    plain = _plain(code)
    if len(plain) != _SIGNS:  # what cannot be one of ours costs no hashing
        return None
    found = [place for place, hashed in enumerate(kept) if verify_password(plain, hashed)]
    return found[0] if found else None


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + _GROUP] for start in range(0, _SIGNS, _GROUP))

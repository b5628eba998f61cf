"""Recovery codes: ten, on paper, each opens once in place of the telephone or the key."""

import secrets
from collections.abc import Iterable

from cyberdesk.core.crypto import tokens, vault
from cyberdesk.core.ids import ALPHABET

COUNT = 10
_PURPOSE = "recovery-code"
_SIGNS, _GROUP = 12, 4


def new_codes() -> list[str]:
    """Return fresh codes of 60 random bits, in groups that can be read out and typed."""
    return [
        _grouped("".join(secrets.choice(ALPHABET) for _ in range(_SIGNS))) for _ in range(COUNT)
    ]


def hashes(codes: Iterable[str]) -> list[str]:
    """Return what is kept of `codes`."""
    peppers = vault.peppers()
    return [
        tokens.token_hash(_plain(code), purpose=_PURPOSE, peppers=peppers).hex() for code in codes
    ]


def place_of(code: str, kept: list[str]) -> int | None:
    """Return where the hash of `code` stands in `kept`, or None. Every hash is looked at."""
    tries = {
        one.hex()
        for one in tokens.token_hashes(_plain(code), purpose=_PURPOSE, peppers=vault.peppers())
    }
    found = [place for place, hashed in enumerate(kept) if hashed in tries]
    return found[0] if found else None


def _plain(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + _GROUP] for start in range(0, _SIGNS, _GROUP))

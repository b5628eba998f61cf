"""Identifiers: UUIDv7 (RFC 9562 §5.7) for rows, speakable references for people."""

import secrets
import time
from uuid import UUID

# Crockford's base 32 without the letters that are misheard or misread on the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEARD_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_BODY = 5
_WEIGHTS = (3, 5, 7, 11, 13)


def new_id() -> UUID:
    """Return a UUIDv7: Unix milliseconds, their 4096 parts, then 62 random bits.

    The parts of a millisecond (RFC 9562 §6.2, method 3) keep the order of what one process makes.
    """
    stamp, rest = divmod(time.time_ns(), 1_000_000)
    parts = (rest << 12) // 1_000_000
    value = (stamp & (1 << 48) - 1) << 80 | 0x7 << 76 | parts << 64
    return UUID(int=value | 0b10 << 62 | secrets.randbits(62))


def new_reference(prefix: str = "CD") -> str:
    """Return a reference to be spoken, like `CD-7K4-92M`; its last sign checks the others."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_BODY))
    return _spaced(prefix, body + _check(body))


def read_reference(text: str, prefix: str = "CD") -> str | None:
    """Return the reference meant by `text` as typed or dictated, or None when it cannot be one."""
    plain = "".join(sign for sign in text.upper() if sign.isalnum())
    plain = plain.removeprefix(prefix).translate(_HEARD_AS)
    if len(plain) != _BODY + 1 or any(sign not in ALPHABET for sign in plain):
        return None
    return _spaced(prefix, plain) if _check(plain[:-1]) == plain[-1] else None


def _check(body: str) -> str:
    weighted = sum(w * ALPHABET.index(c) for w, c in zip(_WEIGHTS, body, strict=True))
    return ALPHABET[weighted % len(ALPHABET)]


def _spaced(prefix: str, body: str) -> str:
    return f"{prefix}-{body[:3]}-{body[3:]}"

"""Tokens and codes: drawn at random, kept only as peppered hashes (HMAC-SHA256)."""

import hmac
import secrets

from cyberdesk.core.crypto.aead import Key
from cyberdesk.core.crypto.keyring import KeySet


def new_token() -> str:
    """Return 256 random bits, fit for a URL or a header."""
    return secrets.token_urlsafe(32)


def token_hash(token: str, *, purpose: str, peppers: KeySet) -> bytes:
    """Return the 32 bytes to store; the purpose keeps a token of one kind out of another."""
    return _hash(token, purpose, peppers.current)


def token_hashes(token: str, *, purpose: str, peppers: KeySet) -> list[bytes]:
    """Return the hashes to look a token up by, one for each pepper still in the keyring."""
    return [_hash(token, purpose, pepper) for pepper in peppers.all()]


def matches(token: str, stored: bytes, *, purpose: str, peppers: KeySet) -> bool:
    """Compare in constant time, with every pepper whether or not an earlier one fitted."""
    tries = token_hashes(token, purpose=purpose, peppers=peppers)
    return any([hmac.compare_digest(tried, stored) for tried in tries])  # noqa: C419  # no early exit


def _hash(token: str, purpose: str, pepper: Key) -> bytes:
    # The purpose is ours and has no NUL, so the two cannot run into each other.
    return hmac.digest(pepper.secret, purpose.encode() + b"\x00" + token.encode(), "sha256")

"""Keyed hashes of values: how the same value is found again without being written in plain."""

import hmac
from uuid import UUID

from cyberdesk.core.crypto import tokens, vault
from cyberdesk.desk.intel.reading import Value

_PURPOSE = "observable"
_CASE = b"cyberdesk intel "


def lookup(value: Value) -> bytes:
    """Return the 32 bytes by which every case knows `value`."""
    return tokens.token_hash(_told(value), purpose=_PURPOSE, peppers=vault.peppers())


def lookups(value: Value) -> list[bytes]:
    """Return what to search for: one for each pepper that is still in the keyring."""
    return tokens.token_hashes(_told(value), purpose=_PURPOSE, peppers=vault.peppers())


def mark(key_id: UUID, kind: str, value: Value) -> bytes:
    """Return the 32 bytes by which one case knows `value`; they outlive every pepper."""
    return case_hash(key_id, f"{kind}\x00{_told(value)}")


def case_hash(key_id: UUID, text: str) -> bytes:
    """Return `text` under a key of its own, drawn from the case's. Raises ErasedError."""
    own = hmac.digest(vault.key_of(key_id).secret, _CASE + b"hash", "sha256")
    return hmac.digest(own, text.encode(), "sha256")


def _told(value: Value) -> str:
    return f"{value.sort}\x00{value.searched}"

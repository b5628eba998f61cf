"""Sealing of single values: AES-256-GCM (NIST SP 800-38D), bound to the place where they lie."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cyberdesk.core.ids import new_id

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
_VERSION = 1
_HEADER_BYTES = 1 + 16 + NONCE_BYTES
_DOMAIN = b"cyberdesk sealed value"


class SealError(ValueError):
    """The sealed bytes are not what this key sealed in this place."""


@dataclass(frozen=True, slots=True)
class Key:
    """256 secret bits and the id under which envelopes name them."""

    id: UUID
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise ValueError(f"key {self.id} has {len(self.secret)} bytes instead of {KEY_BYTES}")

    @classmethod
    def generate(cls) -> Key:
        return cls(new_id(), os.urandom(KEY_BYTES))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lies; a value copied to another place no longer opens."""

    table: str
    row: str
    column: str

    def aad(self, header: bytes) -> bytes:
        parts = (_DOMAIN, header, self.table.encode(), self.row.encode(), self.column.encode())
        # Each part carries its length, so that no two places share their bytes.
        return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def seal(plain: bytes, *, key: Key, place: Place) -> bytes:
    """Return version (1) ‖ key id (16) ‖ random nonce (12) ‖ ciphertext and tag (16)."""
    header = bytes([_VERSION]) + key.id.bytes
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + AESGCM(key.secret).encrypt(nonce, plain, place.aad(header))


def unseal(envelope: bytes, *, key: Key, place: Place) -> bytes:
    if key_id_of(envelope) != key.id:
        raise SealError(f"sealed under key {key_id_of(envelope)}, not {key.id}")
    header, nonce = envelope[:17], envelope[17:_HEADER_BYTES]
    try:
        return AESGCM(key.secret).decrypt(nonce, envelope[_HEADER_BYTES:], place.aad(header))
    except InvalidTag:
        where = f"{place.table}.{place.column} of {place.row}"
        raise SealError(f"{where} was changed, moved or sealed by another key") from None


def key_id_of(envelope: bytes) -> UUID:
    """Return the id of the key that opens `envelope`, without opening it."""
    if len(envelope) < _HEADER_BYTES + TAG_BYTES:
        raise SealError(f"a sealed value cannot be {len(envelope)} bytes long")
    if envelope[0] != _VERSION:
        raise SealError(f"sealed in version {envelope[0]}, which this release does not know")
    return UUID(bytes=envelope[1:17])

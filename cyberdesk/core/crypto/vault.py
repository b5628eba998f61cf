"""Envelope encryption: values sealed by data keys, data keys wrapped by the keyring (KEK)."""

import os
from collections import OrderedDict
from threading import Lock
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cyberdesk.core import clock
from cyberdesk.core.crypto.models import DataKey
from cyberdesk.core.db import session

_VERSION = b"\x01"
_NONCE = 12
_CACHED = 512


class Keyring(Protocol):
    """Where the key-encryption keys live: a file, or a KMS."""

    @property
    def current(self) -> str: ...
    def wrap(self, key: bytes, aad: bytes) -> tuple[str, bytes]: ...
    def unwrap(self, kek_id: str, wrapped: bytes, aad: bytes) -> bytes: ...


class ErasedError(RuntimeError):
    """The key was destroyed: what it sealed can never be read again."""


class SealBrokenError(RuntimeError):
    """The sealed bytes were changed, or belong to another row or column."""


_keyring: Keyring | None = None
_cache: OrderedDict[UUID, AESGCM] = OrderedDict()
_lock = Lock()


def use(keyring: Keyring) -> None:
    """Make `keyring` the one of this process."""
    global _keyring  # noqa: PLW0603  # one keyring per process, chosen when it starts
    _keyring = keyring
    _cache.clear()


def forget() -> None:
    """Drop every opened key from memory."""
    with _lock:
        _cache.clear()


def create_key(kind: str, holder_id: UUID | None = None) -> UUID:
    """Make a fresh data key and return its id."""
    row = DataKey(kind=kind, holder_id=holder_id, created_at=clock.now())
    key = AESGCM.generate_key(256)
    row.kek_id, row.wrapped = _ring().wrap(key, _key_aad(row.id))
    session().add(row)
    session().flush()
    _remember(row.id, AESGCM(key))
    return row.id


def seal(key_id: UUID, plain: bytes, *, table: str, row: UUID, column: str) -> bytes:
    """Return `plain` encrypted for this one cell: AES-256-GCM, AAD = table, row, column, key."""
    nonce = os.urandom(_NONCE)
    sealed = _cipher(key_id).encrypt(nonce, plain, _aad(table, row, column, key_id))
    return _VERSION + nonce + sealed


def unseal(key_id: UUID, sealed: bytes, *, table: str, row: UUID, column: str) -> bytes:
    """Return what `seal` was given. Raises ErasedError or SealBrokenError."""
    nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        return _cipher(key_id).decrypt(nonce, body, _aad(table, row, column, key_id))
    except InvalidTag as error:
        raise SealBrokenError(f"{table}.{column} of {row} does not match its seal") from error


def shred(key_id: UUID) -> None:
    """Destroy a data key: whatever it sealed is erased, here at once, in backups as they age."""
    row = session().get_one(DataKey, key_id)
    row.wrapped, row.destroyed_at = None, clock.now()
    with _lock:
        _cache.pop(key_id, None)


def _cipher(key_id: UUID) -> AESGCM:
    with _lock:
        found = _cache.get(key_id)
        if found:
            _cache.move_to_end(key_id)
            return found
    row = session().get_one(DataKey, key_id)
    if row.wrapped is None:
        raise ErasedError(f"key {key_id} was destroyed")
    cipher = AESGCM(_ring().unwrap(row.kek_id, row.wrapped, _key_aad(key_id)))
    _remember(key_id, cipher)
    return cipher


def _remember(key_id: UUID, cipher: AESGCM) -> None:
    with _lock:
        _cache[key_id] = cipher
        while len(_cache) > _CACHED:
            _cache.popitem(last=False)


def _ring() -> Keyring:
    if _keyring is None:
        raise RuntimeError("no keyring: call cyberdesk.core.crypto.vault.use(keyring) first")
    return _keyring


def _aad(table: str, row: UUID, column: str, key_id: UUID) -> bytes:
    return f"{table}|{row}|{column}|{key_id}".encode()


def _key_aad(key_id: UUID) -> bytes:
    return f"data_keys|{key_id}".encode()

"""Envelope encryption: values sealed by data keys, data keys wrapped by the keyring."""

import time
from collections import OrderedDict
from threading import Lock
from typing import Protocol
from uuid import UUID

from sqlalchemy import select, update

from cyberdesk.core import clock
from cyberdesk.core.crypto import aead
from cyberdesk.core.crypto.aead import Key, Place, SealError
from cyberdesk.core.crypto.keyring import KeySet
from cyberdesk.core.crypto.models import DataKey
from cyberdesk.core.db import atomic, on_commit, session
from cyberdesk.core.db.rls import SYSTEM

CACHED_KEYS = 512
# How long another process may still read what this one has shredded.
CACHED_SECONDS = 60.0


class Wrapping(Protocol):
    """Where the keys that wrap data keys live: a file, the environment, a KMS."""

    @property
    def current_id(self) -> str: ...
    @property
    def peppers(self) -> KeySet: ...
    def wrap(self, key: Key) -> bytes: ...
    def unwrap(self, key_id: UUID, wrapped: bytes) -> Key: ...


class ErasedError(RuntimeError):
    """The key was destroyed: what it sealed can never be read again."""


SealBrokenError = SealError

_keyring: Wrapping | None = None
_cache: OrderedDict[UUID, tuple[float, Key]] = OrderedDict()
_lock = Lock()


def use(keyring: Wrapping | None) -> None:
    """Make `keyring` the one of this process."""
    global _keyring  # noqa: PLW0603  # one keyring per process, chosen when it starts
    _keyring = keyring
    forget()


def forget() -> None:
    """Drop every opened key from memory."""
    with _lock:
        _cache.clear()


def create_key(kind: str, holder_id: UUID | None = None) -> UUID:
    """Make a fresh data key and return its id."""
    key, ring = Key.generate(), keyring()
    session().add(
        DataKey(
            id=key.id,
            kind=kind,
            holder_id=holder_id,
            kek_id=ring.current_id,
            wrapped=ring.wrap(key),
            created_at=clock.now(),
        )
    )
    session().flush()
    _remember(key)
    return key.id


def hand_over(key_id: UUID, kind: str, holder_id: UUID) -> None:
    """Say whose the data key is from now on: a declaration's becomes its case's."""
    its = update(DataKey).where(DataKey.id == key_id).values(kind=kind, holder_id=holder_id)
    session().execute(its.execution_options(synchronize_session=False))


def seal(key_id: UUID, plain: bytes, *, table: str, row: UUID, column: str) -> bytes:
    """Return `plain` encrypted for this one cell."""
    return aead.seal(plain, key=key_of(key_id), place=Place(table, str(row), column))


def unseal(key_id: UUID, sealed: bytes, *, table: str, row: UUID, column: str) -> bytes:
    """Return what `seal` was given. Raises ErasedError or SealBrokenError."""
    return aead.unseal(sealed, key=key_of(key_id), place=Place(table, str(row), column))


def shred(key_id: UUID) -> None:
    """Destroy a data key: whatever it sealed is erased, here at once, in backups as they age."""
    row = session().get_one(DataKey, key_id, with_for_update=True)
    if row.destroyed_at is None:
        row.wrapped, row.destroyed_at = None, clock.now()
        session().flush()
    _drop(key_id)
    on_commit(_drop, key_id)  # another thread may have read the key again meanwhile


def rewrap(limit: int = 500) -> int:
    """Wrap up to `limit` data keys anew under the current key; return how many there were."""
    ring = keyring()
    old = select(DataKey).where(DataKey.kek_id != ring.current_id, DataKey.wrapped.is_not(None))
    rows = session().scalars(old.order_by(DataKey.id).limit(limit).with_for_update()).all()
    for row in rows:
        assert row.wrapped is not None
        row.wrapped = ring.wrap(ring.unwrap(row.id, row.wrapped))
        row.kek_id = ring.current_id
    session().flush()
    return len(rows)


def rewrap_all() -> int:
    """Wrap every data key under the current key, some at a time; return how many there were."""
    total = 0
    while True:
        with atomic(SYSTEM):
            done = rewrap()
        if not done:
            return total
        total += done


def key_of(key_id: UUID) -> Key:
    """Return the data key, opened. Raises ErasedError once it was destroyed."""
    with _lock:
        until, key = _cache.get(key_id, (0.0, None))
        if key is not None and time.monotonic() < until:
            _cache.move_to_end(key_id)
            return key
    row = session().get_one(DataKey, key_id)
    if row.wrapped is None:
        raise ErasedError(f"key {key_id} was destroyed: what it sealed cannot be read any more")
    return _remember(keyring().unwrap(key_id, row.wrapped))


def peppers() -> KeySet:
    """Return the keys under which tokens and codes are hashed (`core.crypto.tokens`)."""
    return keyring().peppers


def _remember(key: Key) -> Key:
    with _lock:
        _cache[key.id] = (time.monotonic() + CACHED_SECONDS, key)
        _cache.move_to_end(key.id)
        while len(_cache) > CACHED_KEYS:
            _cache.popitem(last=False)
    return key


def _drop(key_id: UUID) -> None:
    with _lock:
        _cache.pop(key_id, None)


def keyring() -> Wrapping:
    if _keyring is None:
        raise RuntimeError("no keyring: call cyberdesk.core.crypto.vault.use(keyring) first")
    return _keyring

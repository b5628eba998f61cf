"""Keys that come from outside the database: they wrap data keys and pepper hashes.

JSON, of the form
    {"version": 1,
     "wrapping": {"current": ID, "keys": {ID: BASE64, …}},
     "peppers":  {"current": ID, "keys": {ID: BASE64, …}}}
Old keys stay until nothing is wrapped by them any more (`cyberdesk keys status`).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from cyberdesk.core.crypto.aead import Key, Place, key_id_of, seal, unseal
from cyberdesk.core.crypto.secret_file import SecretError, read_secret, write_secret

_VERSION = 1
_SETS = ("wrapping", "peppers")


class UnknownKeyError(SecretError):
    """A key is needed that the keyring does not hold."""


@dataclass(frozen=True, slots=True)
class KeySet:
    """Several keys by id; new work is done with the current one."""

    current: Key
    others: Mapping[UUID, Key]

    def get(self, key_id: UUID) -> Key:
        if key_id == self.current.id:
            return self.current
        try:
            return self.others[key_id]
        except KeyError:
            raise UnknownKeyError(f"key {key_id} is not in the keyring: put it back") from None

    def all(self) -> tuple[Key, ...]:
        """Return every key, the current one first."""
        return (self.current, *self.others.values())

    def renewed(self) -> KeySet:
        """Return the set with a fresh current key; the old ones still open what they sealed."""
        return KeySet(Key.generate(), {key.id: key for key in self.all()})

    def without(self, key_id: UUID) -> KeySet:
        if key_id == self.current.id:
            raise SecretError("the current key cannot be removed: rotate first")
        return KeySet(self.current, {id_: key for id_, key in self.others.items() if id_ != key_id})


@dataclass(frozen=True, slots=True)
class Keyring:
    wrapping: KeySet
    peppers: KeySet

    @classmethod
    def generate(cls) -> Keyring:
        return cls(KeySet(Key.generate(), {}), KeySet(Key.generate(), {}))

    @classmethod
    def load(cls, path: Path) -> Keyring:
        return cls.parse(read_secret(path), source=str(path))

    @classmethod
    def parse(cls, text: str, *, source: str) -> Keyring:
        """Read the JSON form; `source` is named in errors, the content never is."""
        try:
            return cls(*_read_sets(json.loads(text)))
        except json.JSONDecodeError:
            raise SecretError(f"{source} is not a keyring: it is not JSON") from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SecretError(f"{source} is not a keyring: {error}") from None

    def write(self, path: Path, *, replace: bool = False) -> None:
        data = {"version": _VERSION} | {name: _as_json(getattr(self, name)) for name in _SETS}
        write_secret(path, json.dumps(data, indent=1), replace=replace)

    @property
    def current_id(self) -> str:
        return str(self.wrapping.current.id)

    def wrap(self, key: Key) -> bytes:
        return seal(key.secret, key=self.wrapping.current, place=_place(key.id))

    def unwrap(self, key_id: UUID, wrapped: bytes) -> Key:
        outer = self.wrapping.get(key_id_of(wrapped))
        return Key(key_id, unseal(wrapped, key=outer, place=_place(key_id)))


def _place(key_id: UUID) -> Place:
    return Place("data_keys", str(key_id), "wrapped")


def _read_sets(data: Any) -> Iterator[KeySet]:
    if set(data) != {"version", *_SETS} or data["version"] != _VERSION:
        raise ValueError(f"expected version {_VERSION}, {' and '.join(_SETS)}")
    return (_read_set(data[name]) for name in _SETS)


def _read_set(data: Any) -> KeySet:
    if set(data) != {"current", "keys"}:
        raise ValueError("expected current and keys")
    keys = {UUID(id_): _read_key(id_, secret) for id_, secret in data["keys"].items()}
    current = keys.pop(UUID(data["current"]), None)
    if current is None:
        raise ValueError(f"the current key {data['current']} is not among its keys")
    return KeySet(current, keys)


def _read_key(key_id: str, secret: str) -> Key:
    try:
        return Key(UUID(key_id), base64.b64decode(secret, validate=True))
    except binascii.Error:
        raise ValueError(f"key {key_id} is not base64") from None


def _as_json(keys: KeySet) -> dict[str, Any]:
    return {
        "current": str(keys.current.id),
        "keys": {str(key.id): base64.b64encode(key.secret).decode() for key in keys.all()},
    }

"""The keyring of this process: read when it starts, and again when another host has rotated it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from cyberdesk.core.crypto.aead import Key
from cyberdesk.core.crypto.keyring import Keyring, KeySet, UnknownKeyError
from cyberdesk.core.crypto.secret_file import SecretError


class KeyringFile:
    """A keyring in a file that all processes share."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ring = Keyring.load(path)

    @property
    def current_id(self) -> str:
        return self._ring.current_id

    @property
    def peppers(self) -> KeySet:
        return self._ring.peppers

    def wrap(self, key: Key) -> bytes:
        return self._ring.wrap(key)

    def unwrap(self, key_id: UUID, wrapped: bytes) -> Key:
        try:
            return self._ring.unwrap(key_id, wrapped)
        except UnknownKeyError:
            self.reload()
            return self._ring.unwrap(key_id, wrapped)

    def reload(self) -> None:
        self._ring = Keyring.load(self.path)

    def rotate(self) -> None:
        """Add a fresh wrapping key and make it current; what the old ones wrapped still opens."""
        ring = Keyring.load(self.path)
        Keyring(ring.wrapping.renewed(), ring.peppers).write(self.path, replace=True)
        self.reload()

    def retire(self, key_id: UUID) -> None:
        """Take an old wrapping key out. Backups made while it was in use need it: keep a copy."""
        ring = Keyring.load(self.path)
        Keyring(ring.wrapping.without(key_id), ring.peppers).write(self.path, replace=True)
        self.reload()

    def wrapping_ids(self) -> list[UUID]:
        """Return the ids of all wrapping keys, the current one first."""
        return [key.id for key in self._ring.wrapping.all()]


def open_keyring(path: Path, *, text: str = "", create: bool = False) -> Keyring | KeyringFile:
    """Return the keyring given as `text` (the environment), else the one in the file at `path`.

    With `create`, a missing file is made: a first start outside production. Processes that start
    together agree on the one that was written first.
    """
    if text:
        return Keyring.parse(text, source="CYBERDESK_KEYRING")
    if create and not path.exists():
        try:
            Keyring.generate().write(path)
        except SecretError:
            if not path.exists():
                raise
    if not path.exists():
        raise SecretError(
            f"{path} is missing: put it back from your backup, for without it nothing that is "
            "sealed can be read; a new installation makes one with `cyberdesk keys generate`"
        )
    return KeyringFile(path)

"""Sealed attributes of models: text or JSON in Python, ciphertext in the row."""

import json
from typing import Any, overload

from cyberdesk.core.crypto.vault import ErasedError, seal, unseal


class _Sealed:
    """A descriptor over the bytes column `<name>_sealed` of a row that has `id` and `key_id`."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name, self.column = name, f"{name}_sealed"

    def _read(self, row: Any) -> bytes | None:
        held = getattr(row, self.column)
        if held is None:
            return None
        return unseal(row.key_id, held, table=row.__tablename__, row=row.id, column=self.column)

    def _write(self, row: Any, plain: bytes | None) -> None:
        if plain is None:
            setattr(row, self.column, None)
            return
        assert row.key_id, f"{type(row).__name__} needs its key_id before its {self.name}"
        sealed = seal(row.key_id, plain, table=row.__tablename__, row=row.id, column=self.column)
        setattr(row, self.column, sealed)


class SealedText(_Sealed):
    """Text: `body_sealed: Mapped[bytes | None]` beside `body = SealedText()`; erased reads ''."""

    @overload
    def __get__(self, row: None, owner: type) -> "SealedText": ...
    @overload
    def __get__(self, row: object, owner: type) -> str: ...
    def __get__(self, row: object | None, owner: type) -> "SealedText | str":
        if row is None:
            return self
        try:
            return (self._read(row) or b"").decode()
        except ErasedError:
            return ""

    def __set__(self, row: object, text: str | None) -> None:
        self._write(row, text.encode() if text is not None else None)


class SealedJson(_Sealed):
    """Plain JSON, an object: read as a dict, written whole; erased reads {}."""

    @overload
    def __get__(self, row: None, owner: type) -> "SealedJson": ...
    @overload
    def __get__(self, row: object, owner: type) -> dict[str, Any]: ...
    def __get__(self, row: object | None, owner: type) -> "SealedJson | dict[str, Any]":
        if row is None:
            return self
        try:
            return json.loads(self._read(row) or b"{}")  # type: ignore[no-any-return]
        except ErasedError:
            return {}

    def __set__(self, row: object, value: dict[str, Any] | None) -> None:
        plain = None if value is None else json.dumps(value, ensure_ascii=False).encode()
        self._write(row, plain)

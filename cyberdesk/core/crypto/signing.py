"""Ed25519 keys with a name, in the text forms of C2SP signed-note and Go's sumdb/note.

    verifier   NAME+KEYID+BASE64(0x01 ‖ public key)
    signer     PRIVATE+KEY+NAME+KEYID+BASE64(0x01 ‖ seed)
where KEYID is the first four bytes of SHA-256(NAME ‖ 0x0A ‖ 0x01 ‖ public key), in hexadecimal.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from cyberdesk.core.crypto.secret_file import SecretError, read_secret, write_secret

_ED25519 = b"\x01"
_RAW_BYTES = 32
_KEY_ID_BYTES = 4
_PRIVATE = "PRIVATE+KEY+"


class KeyFormatError(ValueError):
    """The text is not a key of the expected form."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under a name."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.public) != _RAW_BYTES:
            raise KeyFormatError(f"a public key of {self.name} has {_RAW_BYTES} bytes")

    @classmethod
    def parse(cls, text: str) -> Verifier:
        name, key_id, raw = _split(text.strip(), "a verifier key NAME+KEYID+BASE64")
        return _matching(cls(name, raw), key_id)

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_KEY_ID_BYTES]

    def verifies(self, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(_ED25519 + self.public)}"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under a name; it prints as nothing that could be used."""

    name: str
    _key: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def generate(cls, name: str) -> Signer:
        check_name(name)
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def parse(cls, text: str) -> Signer:
        form = "a signer key PRIVATE+KEY+NAME+KEYID+BASE64"
        if not text.startswith(_PRIVATE):
            raise KeyFormatError(f"expected {form}")
        name, key_id, raw = _split(text.removeprefix(_PRIVATE).strip(), form)
        signer = cls(name, Ed25519PrivateKey.from_private_bytes(raw))
        _matching(signer.verifier, key_id)
        return signer

    @classmethod
    def load(cls, path: Path) -> Signer:
        try:
            return cls.parse(read_secret(path))
        except KeyFormatError as error:
            raise SecretError(f"{path} is not a signing key: {error}") from None

    def write(self, path: Path, *, replace: bool = False) -> None:
        seed = _base64(_ED25519 + self._key.private_bytes_raw())
        write_secret(
            path, f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{seed}", replace=replace
        )

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self._key.public_key().public_bytes_raw())


def check_name(name: str) -> None:
    """Refuse names that a signature line could not carry (C2SP signed-note, Signatures)."""
    if not name or "+" in name or not name.isprintable() or any(sign.isspace() for sign in name):
        raise KeyFormatError(f"a key's name is not empty and has no spaces and no plus: {name!r}")


def decode_base64(text: str) -> bytes:
    """Decode standard base64 strictly: padded, and the one spelling of its bytes (RFC 4648 §4)."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = None
    if raw is None or _base64(raw) != text:
        raise KeyFormatError("not canonical base64")
    return raw


def _split(text: str, form: str) -> tuple[str, str, bytes]:
    parts = text.split("+", 2)  # base64 may hold a plus, names and ids may not
    if len(parts) != 3:  # noqa: PLR2004
        raise KeyFormatError(f"expected {form}")
    raw = decode_base64(parts[2])
    if raw[:1] != _ED25519 or len(raw) != 1 + _RAW_BYTES:
        raise KeyFormatError("only Ed25519 keys (type 0x01, 32 bytes) are known here")
    return parts[0], parts[1], raw[1:]


def _matching(verifier: Verifier, key_id: str) -> Verifier:
    if verifier.key_id.hex() != key_id:
        raise KeyFormatError(f"key id {key_id} does not belong to this key and name")
    return verifier


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()

"""Checkpoints that witnesses can keep: C2SP signed-note and tlog-checkpoint."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from cyberdesk.core.audit.merkle import HASH_BYTES
from cyberdesk.core.crypto.signing import (
    KeyFormatError,
    Signer,
    Verifier,
    check_name,
    decode_base64,
)

_LIMIT = 64 * 1024
_SIGNATURES = 100
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_DASH = "— "
_KEY_ID_BYTES = 4


class NoteError(ValueError):
    """The text is not a signed note, or not signed by whom it should be."""


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        raw = base64.b64encode(self.key_id + self.signature).decode()
        return f"{_DASH}{self.name} {raw}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """`text` ends with a newline; it is what is signed."""

    text: str
    signatures: tuple[Signature, ...] = ()

    @classmethod
    def parse(cls, data: str) -> Note:
        if len(data) > _LIMIT:
            raise NoteError(f"a note longer than {_LIMIT} signs is refused")
        text, blank, tail = data.rpartition("\n\n")
        if not blank:
            raise NoteError("a note has an empty line between its text and its signatures")
        if not tail.endswith("\n"):
            raise NoteError("the last signature line does not end with a newline")
        lines = tail[:-1].split("\n")
        if len(lines) > _SIGNATURES:
            raise NoteError(f"more than {_SIGNATURES} signatures")
        return cls(_checked(text + "\n"), tuple(_signature(line) for line in lines))

    def signed(self, signer: Signer) -> Note:
        raw = signer.sign(_checked(self.text).encode())
        added = Signature(signer.name, signer.verifier.key_id, raw)
        return Note(self.text, (*self.signatures, added))

    def verify(self, *verifiers: Verifier) -> tuple[Verifier, ...]:
        """Return who signed among `verifiers`; NoteError if nobody did or one signature is false.

        Signatures of unknown keys are passed over, as the format asks.
        """
        known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
        found: dict[Verifier, None] = {}
        for line in self.signatures:
            verifier = known.get((line.name, line.key_id))
            if verifier is None:
                continue
            if not verifier.verifies(line.signature, self.text.encode()):
                raise NoteError(f"the signature of {line.name} is false")
            found[verifier] = None
        if not found:
            raise NoteError("no signature by a known key")
        return tuple(found)

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log `origin` held `size` leaves under `head`. Extension lines are kept, not read."""

    origin: str
    size: int
    head: bytes
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        lines = _checked(text)[:-1].split("\n")
        if len(lines) < 3 or not all(lines):  # noqa: PLR2004
            raise NoteError("a checkpoint has an origin, a size, a root and no empty line")
        origin, size, root, *extensions = lines
        if not _SIZE.fullmatch(size):
            raise NoteError(f"not a tree size: {size!r}")
        return cls(origin, int(size), _hash(root), tuple(extensions))

    def sign(self, *signers: Signer) -> Note:
        note = Note(str(self))
        for signer in signers:
            note = note.signed(signer)
        return note

    def __str__(self) -> str:
        root = base64.b64encode(self.head).decode()
        return "".join(f"{line}\n" for line in (self.origin, self.size, root, *self.extensions))


def read_checkpoint(data: str, *logs: Verifier) -> Checkpoint:
    """Return the checkpoint of a signed note, once it is known to be of one of `logs`."""
    note = Note.parse(data)
    signers = {verifier.name for verifier in note.verify(*logs)}
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin not in signers:
        raise NoteError(f"a checkpoint of {checkpoint.origin}, not of {' or '.join(signers)}")
    return checkpoint


def is_signed_by(data: str, log: Verifier) -> bool:
    try:
        read_checkpoint(data, log)
    except NoteError:
        return False
    return True


def find_note(text: str) -> str:
    """Return the signed note that stands in `text`: itself, or a letter that was saved whole."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    signed = [n for n, line in enumerate(lines) if line.startswith(_DASH)]
    if not signed:
        return text
    begin = signed[0] - 1  # the empty line between text and signatures
    while begin > 0 and lines[begin - 1]:
        begin -= 1
    end = signed[0]
    while end < len(lines) and lines[end].startswith(_DASH):
        end += 1
    return "\n".join([*lines[begin:end], ""])


def _hash(text: str) -> bytes:
    try:
        raw = decode_base64(text)
    except KeyFormatError:
        raw = b""
    if len(raw) != HASH_BYTES:
        raise NoteError(f"the root hash is not base64 of {HASH_BYTES} bytes")
    return raw


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise NoteError(f"not a signature line: {line[:80]!r}")
    try:
        check_name(name)
        raw = decode_base64(encoded)
    except KeyFormatError as error:
        raise NoteError(f"signature line of {name[:80]!r}: {error}") from None
    if len(raw) <= _KEY_ID_BYTES:
        raise NoteError(f"the signature of {name} is empty")
    return Signature(name, raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:])


def _checked(text: str) -> str:
    if len(text) < 2 or not text.endswith("\n"):  # noqa: PLR2004
        raise NoteError("a note's text is not empty and ends with a newline")
    if any(sign < " " and sign != "\n" for sign in text):
        raise NoteError("a note's text has no control characters but newlines")
    return text

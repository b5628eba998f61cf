"""Keeping, reading, checking and erasing files. Each act is an entry of the chain of custody."""

from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import update

from cyberdesk.core import clock
from cyberdesk.core.access.actor import Actor
from cyberdesk.core.audit import record
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.aead import Key, SealError
from cyberdesk.core.crypto.stream import unseal_stream
from cyberdesk.core.crypto.vault import ErasedError
from cyberdesk.core.db import on_commit, session
from cyberdesk.core.errors import ConflictError, UnavailableError
from cyberdesk.core.events import events
from cyberdesk.core.files.blobs import Measure, Readable, address_of, blobs
from cyberdesk.core.files.discard import discard, hold
from cyberdesk.core.files.kinds import media_type
from cyberdesk.core.files.models import DAMAGED, ERASED, KEPT, StoredFile
from cyberdesk.core.text import _

LARGEST = 100 << 20


def store(
    actor: Actor,
    stream: Readable,
    *,
    key_id: UUID,
    label: str,
    limit: int = LARGEST,
    case_id: UUID | None = None,
    declaration_id: UUID | None = None,
) -> StoredFile:
    """Keep what `stream` gives, sealed under `key_id`, for a case or a declaration.

    It is read once: hashed, measured and sealed on the way. Raises TooLargeError beyond `limit`
    bytes, ErasedError when the key was destroyed; nothing is kept then.
    """
    measure = Measure(limit)
    with blobs().draft(stream, key=vault.key_of(key_id), measure=measure) as draft:
        address = address_of(key_id, measure.sha256)
        hold(address)
        blobs().keep(draft, address)
    file = StoredFile(
        key_id=key_id,
        case_id=case_id,
        declaration_id=declaration_id,
        sha256=measure.sha256,
        size=measure.size,
        media_type=media_type(measure.head),
        label=label,
        address=address,
        state=KEPT,
        created_at=clock.now(),
        created_by=actor.id,
        verified_at=clock.now(),
    )
    session().add(file)
    session().flush()
    _tell(actor, "file:keep", file)
    return file


def read(actor: Actor, file: StoredFile) -> Iterator[bytes]:
    """Journal the reading and return the content, piece by piece, for after the transaction too.

    Raises ConflictError when it was erased, UnavailableError when it is not in the store. What was
    changed on disk ends with SealError, before its last piece is given.
    """
    pieces = _open(file)
    _tell(actor, "file:read", file)
    return pieces


def verify(actor: Actor, file: StoredFile) -> bool:
    """Read the file through and say whether it is what was kept; its state then says so too."""
    fault = _fault(file)
    file.verified_at = clock.now()
    file.state = DAMAGED if fault else KEPT
    session().flush()
    _tell(actor, "file:damaged" if fault else "file:verify", file, why=fault)
    if fault:
        events.emit("file:damaged", file=file)
    return not fault


def erase(actor: Actor, file: StoredFile, *, reason: str) -> None:
    """Erase the content and the given name; hash, size and custody stay."""
    if file.state == ERASED:
        return
    file.state, file.label, file.erased_at = ERASED, None, clock.now()
    session().flush()
    _tell(actor, "file:erase", file, reason=reason)
    on_commit(_drop, file.address)


def adopt(declaration_id: UUID, case_id: UUID) -> None:
    """Let the files of a declaration belong to the case that was made of it."""
    session().execute(
        update(StoredFile)
        .where(StoredFile.declaration_id == declaration_id, StoredFile.case_id.is_(None))
        .values(case_id=case_id)
    )


def _open(file: StoredFile) -> Iterator[bytes]:
    """Open key and content at once, so that what is missing is told before anything is sent."""
    if file.state == ERASED:
        raise ConflictError(_("This file was erased."))
    try:
        key = vault.key_of(file.key_id)
        source = blobs().open(file.address)
    except ErasedError:
        raise ConflictError(_("This file was erased with its case.")) from None
    except FileNotFoundError:
        raise UnavailableError(
            _("This file is not in the store."),
            hint=_("Tell the centre: it is to be put back from a backup."),
        ) from None
    return _content(source, key, file.sha256)


def _content(source: BinaryIO, key: Key, expected: bytes) -> Iterator[bytes]:
    """Yield the plain pieces; the last one only when all of them together are what was kept."""
    digest, held = sha256(), b""
    with source:
        for piece in unseal_stream(source, key_by_id=lambda _id: key):
            if held:
                yield held
            digest.update(piece)
            held = piece
    if digest.digest() != expected:
        raise SealError("another file lies in the place of the one that was kept")
    yield held


def _fault(file: StoredFile) -> str | None:
    try:
        for _piece in _open(file):
            pass
    except (SealError, UnavailableError, OSError) as error:
        return str(error)
    return None


def _drop(address: bytes) -> None:
    discard(address)


def _tell(actor: Actor, action: str, file: StoredFile, **facts: str | None) -> None:
    told = {name: fact for name, fact in facts.items() if fact}
    about = {"sha256": file.sha256.hex(), "size": file.size, "media_type": file.media_type}
    record(actor, action, file, about | told)

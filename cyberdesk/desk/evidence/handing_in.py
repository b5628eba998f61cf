"""Several files handed in at once: what can be kept is kept, the rest is said with its reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from cyberdesk.core.access import Actor
from cyberdesk.core.errors import TooLargeError
from cyberdesk.core.files import service as files
from cyberdesk.core.files.blobs import Readable
from cyberdesk.core.files.models import StoredFile
from cyberdesk.core.hygiene import clean
from cyberdesk.core.text import Text, _

LARGEST_FILE = 100 << 20
LARGEST_AT_ONCE = 220 << 20  # bytes of one request
_MOST_FILES = 40
_MOST_BYTES = 1 << 30
_LONGEST_NAME = 180


class Upload(Protocol):
    """A file as a form sends it."""

    filename: str | None

    @property
    def stream(self) -> Readable: ...


@dataclass(frozen=True, slots=True)
class Attached:
    """What was kept, and what was not with the reason why."""

    kept: tuple[StoredFile, ...]
    refused: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where files go, and what stands there already."""

    key_id: UUID
    case_id: UUID | None
    declaration_id: UUID | None
    held: Sequence[StoredFile]


class _RefusedError(Exception):
    """A file that is not kept; its one argument says why."""


def keep(actor: Actor, uploads: Iterable[Upload], shelf: Shelf) -> Attached:
    """Keep each of `uploads`; one that cannot be kept leaves the others intact."""
    kept: list[StoredFile] = []
    refused: list[tuple[str, Text]] = []
    for upload in uploads:
        name = _name(upload)
        try:
            kept.append(_keep_one(actor, upload, name, shelf, kept))
        except _RefusedError as refusal:
            refused.append((name, refusal.args[0]))
    return Attached(tuple(kept), tuple(refused))


def _keep_one(
    actor: Actor, upload: Upload, name: str, shelf: Shelf, kept: Sequence[StoredFile]
) -> StoredFile:
    there = (*shelf.held, *kept)
    room = _MOST_BYTES - sum(file.size for file in there)
    if len(there) >= _MOST_FILES or room <= 0:
        raise _RefusedError(_("there are too many files already"))
    try:
        file = files.store(
            actor,
            upload.stream,
            key_id=shelf.key_id,
            label=name,
            limit=min(LARGEST_FILE, room),
            case_id=shelf.case_id,
            declaration_id=shelf.declaration_id,
        )
    except TooLargeError:
        raise _RefusedError(_("too large: 100 MB at most")) from None
    if file.size == 0:
        files.erase(actor, file, reason="empty")
        raise _RefusedError(_("it is empty"))
    return file


def _name(upload: Upload) -> str:
    """Return the name to show: no path, no invisible sign, of bounded length."""
    given = clean(upload.filename or "").text.replace("\\", "/").rsplit("/", 1)[-1].strip()
    return given[:_LONGEST_NAME] or str(_("unnamed file"))

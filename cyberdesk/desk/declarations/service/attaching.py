"""Files handed in with a declaration or later: sealed, told by their content, each on its own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import Select, select

from cyberdesk.core.access import Actor, Role, allowed
from cyberdesk.core.db import session
from cyberdesk.core.errors import ConflictError, NotFoundError, TooLargeError
from cyberdesk.core.files import service as files
from cyberdesk.core.files.blobs import Readable
from cyberdesk.core.files.models import ERASED, StoredFile
from cyberdesk.core.text import Text, _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.hygiene import clean
from cyberdesk.desk.declarations.models import DRAFT, Declaration

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


@allowed("declaration:attach")
def attach(actor: Actor, declaration: Declaration, uploads: Iterable[Upload]) -> Attached:
    """Keep files with a draft; one that cannot be kept leaves the others intact."""
    if declaration.state != DRAFT:
        raise ConflictError(
            _("This declaration has been sent already."), hint=_("Add the file in your space.")
        )
    held = files_of_declaration(actor, declaration)
    return _keep(actor, uploads, _Shelf(declaration.key_id, None, declaration.id, held))


@allowed("case:attach")
def attach_to_case(actor: Actor, case: Case, uploads: Iterable[Upload]) -> Attached:
    """Keep files with a case, and tell the desk."""
    held = files_of_case(actor, case)
    done = _keep(actor, uploads, _Shelf(case.key_id, case.id, case.declaration_id, held))
    if done.kept:
        cases.tell(actor, case, "case:files", facts={"count": len(done.kept)})
    return done


@allowed("declaration:attach")
def detach(actor: Actor, declaration: Declaration, file_id: UUID) -> None:
    """Take back a file of a draft; that it was there stays in the journal."""
    for file in files_of_declaration(actor, declaration):
        if file.id == file_id and declaration.state == DRAFT:
            files.erase(actor, file, reason="taken back by the declarant")
            return
    raise NotFoundError(_("There is no such file."))


def files_of_declaration(actor: Actor, declaration: Declaration) -> Sequence[StoredFile]:
    """Return what was handed in with a declaration, oldest first."""
    del actor
    wanted = select(StoredFile).where(StoredFile.declaration_id == declaration.id)
    return _kept(wanted)


@allowed("case:read")
def files_of_case(actor: Actor, case: Case) -> Sequence[StoredFile]:
    """Return what the victim's side handed in; a provider sees what they handed in themselves."""
    wanted = select(StoredFile).where(StoredFile.case_id == case.id)
    held = {grant.role for grant in actor.grants if grant.covers(case.place())}
    if held == {str(Role.PROVIDER)} or case.declaration_id is None:
        wanted = wanted.where(StoredFile.created_by == actor.id)
    else:
        wanted = wanted.where(StoredFile.declaration_id == case.declaration_id)
    return _kept(wanted)


def open_file(actor: Actor, case: Case, file_id: UUID) -> tuple[StoredFile, Iterator[bytes]]:
    """Return a file of the case and its content; the reading is journalled."""
    for file in files_of_case(actor, case):
        if file.id == file_id:
            return file, files.read(actor, file)
    raise NotFoundError(_("There is no such file."))


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where files go, and what stands there already."""

    key_id: UUID
    case_id: UUID | None
    declaration_id: UUID | None
    held: Sequence[StoredFile]


class _RefusedError(Exception):
    """A file that is not kept; its one argument says why."""


def _keep(actor: Actor, uploads: Iterable[Upload], shelf: _Shelf) -> Attached:
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
    actor: Actor, upload: Upload, name: str, shelf: _Shelf, kept: Sequence[StoredFile]
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


def _kept(wanted: Select[StoredFile]) -> Sequence[StoredFile]:
    alive = wanted.where(StoredFile.state != ERASED).order_by(StoredFile.created_at, StoredFile.id)
    return session().scalars(alive).all()

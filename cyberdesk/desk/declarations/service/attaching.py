"""Files handed in with a declaration or later: sealed, told by their content, each on its own."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from sqlalchemy import Select, select

from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.db import session
from cyberdesk.core.errors import ConflictError, NotFoundError
from cyberdesk.core.files import service as files
from cyberdesk.core.files.models import ERASED, StoredFile
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.sides import narrow
from cyberdesk.desk.declarations.models import DRAFT, Declaration
from cyberdesk.desk.evidence.handing_in import Attached, Shelf, Upload, keep


@allowed("declaration:attach")
def attach(actor: Actor, declaration: Declaration, uploads: Iterable[Upload]) -> Attached:
    """Keep files with a draft; one that cannot be kept leaves the others intact."""
    if declaration.state != DRAFT:
        raise ConflictError(
            _("This declaration has been sent already."), hint=_("Add the file in your space.")
        )
    held = files_of_declaration(actor, declaration)
    return keep(actor, uploads, Shelf(declaration.key_id, None, declaration.id, held))


@allowed("case:attach")
def attach_to_case(actor: Actor, case: Case, uploads: Iterable[Upload]) -> Attached:
    """Keep files with a case, and tell the desk."""
    held = files_of_case(actor, case)
    done = keep(actor, uploads, Shelf(case.key_id, case.id, case.declaration_id, held))
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
    """Return what the victim's side handed in; whoever reads a part of the case, their own."""
    wanted = select(StoredFile).where(StoredFile.case_id == case.id)
    if narrow(actor, case) or case.declaration_id is None:
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


def _kept(wanted: Select[StoredFile]) -> Sequence[StoredFile]:
    alive = wanted.where(StoredFile.state != ERASED).order_by(StoredFile.created_at, StoredFile.id)
    return session().scalars(alive).all()

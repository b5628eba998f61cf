"""The files of a case as its responders hold them: all of them, with what became of each."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit.authors import author_of
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import session
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.files import service as files
from cyberdesk.core.files.models import ERASED, StoredFile
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.evidence.handing_in import Attached, Shelf, Upload, keep


class Act(NamedTuple):
    """One link of the chain of custody: `file:keep`, `file:read`, `file:verify`…"""

    at: datetime
    action: str
    by: str


@allowed("evidence:read")
def files_of(actor: Actor, case: Case) -> Sequence[StoredFile]:
    """Return every file of the case that was not erased, oldest first."""
    wanted = select(StoredFile).where(StoredFile.case_id == case.id, StoredFile.state != ERASED)
    return session().scalars(wanted.order_by(StoredFile.created_at, StoredFile.id)).all()


@allowed("evidence:add")
def add(actor: Actor, case: Case, uploads: Iterable[Upload]) -> Attached:
    """Keep files that the desk brings; the victim's side does not see them."""
    done = keep(actor, uploads, Shelf(case.key_id, case.id, None, files_of(actor, case)))
    if done.kept:
        facts = {"count": len(done.kept)}
        cases.tell(actor, case, "case:evidence", facts=facts, desk_only=True)
    return done


@allowed("evidence:read")
def access_file(actor: Actor, case: Case, file_id: UUID) -> StoredFile:
    """Return a file of the case. Raises NotFoundError, the same for absent, erased and foreign."""
    file = session().get(StoredFile, file_id)
    if file is None or file.case_id != case.id or file.state == ERASED:
        raise NotFoundError(_("There is no such file."))
    return file


@allowed("evidence:read")
def read(actor: Actor, case: Case, file_id: UUID) -> tuple[StoredFile, Iterator[bytes]]:
    """Return a file and its content; the reading is a link of its chain of custody."""
    file = access_file(actor, case, file_id)
    return file, files.read(actor, file)


@allowed("evidence:read")
def verify(actor: Actor, case: Case, file_id: UUID) -> bool:
    """Read a file through and say whether it is still what was handed in."""
    return files.verify(actor, access_file(actor, case, file_id))


@allowed("evidence:read")
def custody(actor: Actor, case: Case, file: StoredFile) -> list[Act]:
    """Return what was done with a file, as the journal holds it, oldest first."""
    wanted = select(AuditEntry).where(
        AuditEntry.case_id == case.id,
        AuditEntry.subject_type == StoredFile.__tablename__,
        AuditEntry.subject_id == file.id,
    )
    told = session().scalars(wanted.order_by(AuditEntry.at, AuditEntry.id)).all()
    return [Act(one.at, one.action, author_of(one.actor_kind, one.actor_name)) for one in told]

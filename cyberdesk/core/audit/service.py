"""Reading the journal as a whole: headers, proofs and an export, never what an entry says."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from cyberdesk.core.access.actor import Actor, ActorKind
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.audit import exported, stored, verdicts
from cyberdesk.core.audit.log import recorded
from cyberdesk.core.audit.models import AuditCheckpoint, AuditEntry, AuditLeaf, AuditVerdict
from cyberdesk.core.audit.proof import make_proof
from cyberdesk.core.audit.signed_note import Checkpoint, Note
from cyberdesk.core.audit.verify import UncheckedError
from cyberdesk.core.db import database, seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, NotFoundError
from cyberdesk.core.text import Text, _

PAGE = 50
_NAMED = {ActorKind.PERSON.value, ActorKind.TOKEN.value, ActorKind.SYSTEM.value}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as its header tells it; `who` is left out for private links: that is a victim."""

    seq: int
    at: datetime
    action: str
    kind: str
    who: str
    subject: str
    subject_id: UUID | None
    case_id: UUID | None
    signed: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: acts that begin with `action`, of one `kind` of author, before `before`.

    `id` is of whoever acted, of what it was about, or of its case.
    """

    action: str = ""
    kind: str = ""
    id: UUID | None = None
    before: int | None = None


@allowed("journal:read")
def find_entries(actor: Actor, wanted: Wanted) -> list[Line]:
    """Return PAGE entries and one more, the last one first; those without a place yet are not."""
    assert actor
    columns = (
        AuditLeaf.seq,
        AuditEntry.at,
        AuditEntry.action,
        AuditEntry.actor_kind,
        AuditEntry.actor_name,
        AuditEntry.subject_type,
        AuditEntry.subject_id,
        AuditEntry.case_id,
    )
    found = select(*columns).join(AuditEntry, AuditEntry.id == AuditLeaf.entry_id)
    if wanted.action:
        found = found.where(AuditEntry.action.startswith(wanted.action, autoescape=True))
    if wanted.kind:
        found = found.where(AuditEntry.actor_kind == wanted.kind)
    if wanted.id:
        places = (AuditEntry.case_id, AuditEntry.subject_id, AuditEntry.actor_id)
        found = found.where(or_(*(place == wanted.id for place in places)))
    if wanted.before is not None:
        found = found.where(AuditLeaf.seq < wanted.before)
    with seeing(SYSTEM):
        signed = session().scalar(select(func.max(AuditCheckpoint.size))) or 0
        rows = session().execute(found.order_by(AuditLeaf.seq.desc()).limit(PAGE + 1)).all()
    return [_line(row, signed) for row in rows]


def _line(row: Any, signed: int) -> Line:
    return Line(
        row.seq,
        row.at,
        row.action,
        row.actor_kind,
        row.actor_name if row.actor_kind in _NAMED else "",
        row.subject_type,
        row.subject_id,
        row.case_id,
        row.seq < signed,
    )


@allowed("journal:verify")
def state(actor: Actor) -> tuple[AuditVerdict | None, Sequence[AuditCheckpoint], int]:
    """Return the last verdict, the last checkpoints, and how many entries have a place."""
    assert actor
    newest = select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc()).limit(5)
    with seeing(SYSTEM):
        size = session().scalar(select(func.coalesce(func.max(AuditLeaf.seq) + 1, 0))) or 0
        return verdicts.latest(), session().scalars(newest).all(), size


@allowed("journal:verify")
@recorded("journal:verify")
def verify_now(actor: Actor) -> AuditVerdict:
    """Verify the journal, entry by entry. Raises ConflictError before the first checkpoint."""
    try:
        return verdicts.judge(actor)
    except UncheckedError as error:
        raise ConflictError(
            _("There is nothing to compare with yet: the first signature is made within an hour."),
            hint=str(error),
        ) from error


@allowed("journal:read")
def prove(actor: Actor, seq: int) -> dict[str, Any]:
    """Return the proof of entry `seq`, without what it says. Raises NotFoundError."""
    assert actor
    try:
        with stored.connect(database().url) as connection:
            entry, notes = stored.entry(connection, seq), stored.notes(connection)
            signed = Checkpoint.parse(Note.parse(notes[-1]).text).size if notes else 0
            if entry is None or seq >= signed:
                raise NotFoundError(_NOT_YET)
            leaves = stored.leaf_hashes(connection, signed)
    except OverflowError as error:
        raise NotFoundError(_NOT_YET) from error
    shown = {name: entry[name] for name in ("seq", "header")}
    return make_proof(shown, leaves, notes[-1])


@allowed("journal:export")
@recorded("journal:export")
def export(actor: Actor) -> Iterator[str]:
    """Return the lines of an export without names and payloads: it verifies all the same."""
    assert actor
    return _lines()


def _lines() -> Iterator[str]:
    with stored.connect(database().url) as connection:
        about = {
            "format": exported.FORMAT,
            "size": stored.size(connection),
            "checkpoints": stored.notes(connection),
        }
        yield exported.as_line(about)
        for entry in stored.entries(connection, withhold=True):
            yield exported.as_line(entry)


def header_of(proof: dict[str, Any]) -> dict[str, Any]:
    """Return what the header of a proof says."""
    told: dict[str, Any] = json.loads(proof["header"])
    return told


_NOT_YET: Text = _("This entry is not there, or not signed yet: that is done within an hour.")

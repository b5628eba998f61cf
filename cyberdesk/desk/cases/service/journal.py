"""The journal of one case, with the place of each entry in the tree and whether it is signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from cyberdesk.core.access import Actor
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.audit.models import AuditCheckpoint, AuditEntry, AuditLeaf
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case

MOST = 500

SIGNED, PLACED, WAITING = "signed", "placed", "waiting"


@dataclass(frozen=True, slots=True)
class JournalLine:
    """An entry; `seq` counts from 0 in the journal of the whole house."""

    entry: AuditEntry
    seq: int | None
    proof: str  # signed: under a checkpoint; placed: in the tree; waiting: written, not yet placed


@allowed("case:journal")
def journal(actor: Actor, case: Case) -> list[JournalLine]:
    """Return the latest MOST entries about `case`, the last one first."""
    assert actor
    wanted = select(AuditEntry).where(AuditEntry.case_id == case.id)
    wanted = wanted.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(MOST)
    entries = session().scalars(wanted).all()
    places, signed = _places([entry.id for entry in entries])
    return [_line(entry, places.get(entry.id), signed) for entry in entries]


def _line(entry: AuditEntry, seq: int | None, signed: int) -> JournalLine:
    if seq is None:
        return JournalLine(entry, None, WAITING)
    return JournalLine(entry, seq, SIGNED if seq < signed else PLACED)


def _places(ids: Sequence[UUID]) -> tuple[dict[UUID, int], int]:
    """Return the places of entries that the actor may see; the tree itself is the house's."""
    with seeing(SYSTEM):
        rows = session().execute(
            select(AuditLeaf.entry_id, AuditLeaf.seq).where(AuditLeaf.entry_id.in_(ids))
        )
        places = {row.entry_id: row.seq for row in rows}
        signed = session().scalar(select(func.max(AuditCheckpoint.size)))
    return places, signed or 0

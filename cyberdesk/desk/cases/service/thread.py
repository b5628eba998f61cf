"""Talking with the commune: one thread a case, read marks, and the desk's own notes in it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.audit import recorded
from cyberdesk.core.db import session
from cyberdesk.core.events import events
from cyberdesk.core.ids import new_id
from cyberdesk.desk.cases.models import Case, CaseMessage, ThreadMark
from cyberdesk.desk.cases.service.locking import lock
from cyberdesk.desk.cases.service.sides import DESK, PROVIDER, READERS, narrow, side_of
from cyberdesk.desk.cases.service.telling import on_the_desk, tell
from cyberdesk.desk.cases.service.waiting import rerank
from cyberdesk.desk.cases.service.wording import needed

__all__ = ["DESK", "PROVIDER", "side_of"]


@allowed("case:write")
@recorded("case:message")
def write(actor: Actor, case: Case, *, body: str, shared_with: Collection[str] = ()) -> CaseMessage:
    """Send a message: from the desk to the commune, or from those concerned to the desk.

    `shared_with` are those of `sides.READERS` who read it too. Possible on a closed case too:
    somebody who remembers something must find a door.
    """
    side = side_of(actor, case)
    lock(case)
    readers = sorted({*shared_with, side} & READERS.keys())
    sent = _added(actor, case, side, needed("body", body), readers=readers)
    if side == DESK:
        case.wrote_at = None
    else:
        case.wrote_at = case.wrote_at or sent.at
    rerank(case)
    tell(actor, case, "case:message", facts={"side": side, "message": str(sent.id)})
    mark_read(actor, case)
    events.emit("case:message", case=case, message=sent, actor=actor)
    return sent


@allowed("case:note")
@recorded("case:note")
def add_note(actor: Actor, case: Case, *, body: str) -> CaseMessage:
    """Write a note that only the desk reads, in the thread where it belongs."""
    lock(case)
    made = _added(actor, case, DESK, needed("body", body), desk_only=True)
    tell(actor, case, "case:note", facts={"message": str(made.id)}, desk_only=True)
    return made


@allowed("case:write")
@recorded("case:acknowledge")
def acknowledge(actor: Actor, case: Case) -> Case:
    """Say that what the commune wrote needs no written answer."""
    lock(case)
    if on_the_desk(actor, case):
        case.wrote_at = None
        rerank(case)
        tell(actor, case, "case:acknowledged", desk_only=True)
    return case


@allowed("case:read")
def messages(actor: Actor, case: Case) -> Sequence[CaseMessage]:
    """Return the thread that `actor` may read, oldest first."""
    wanted = select(CaseMessage).where(*readable(actor, case))
    return session().scalars(wanted.order_by(CaseMessage.at, CaseMessage.id)).all()


def readable(actor: Actor, case: Case) -> list[ColumnElement[bool]]:
    """Return the conditions of messages that `actor` may read; the one place that says so."""
    kept = [CaseMessage.case_id == case.id]
    if not on_the_desk(actor, case):
        kept.append(CaseMessage.desk_only.is_(False))
    part = narrow(actor, case)
    if part:
        kept.append(CaseMessage.shared_with.contains([part]))
    return kept


@allowed("case:read")
def mark_read(actor: Actor, case: Case) -> None:
    """Note that `actor` has read the thread up to now."""
    mark = insert(ThreadMark).values(
        id=new_id(),
        case_id=case.id,
        reader=f"{actor.kind.value}:{actor.id}",
        reader_name=actor.name,
        side=side_of(actor, case),
        read_at=clock.now(),
    )
    later = mark.on_conflict_do_update(
        index_elements=["case_id", "reader"],
        set_={"read_at": func.greatest(ThreadMark.read_at, mark.excluded.read_at)},
    )
    session().execute(later)


@dataclass(frozen=True, slots=True)
class Reading:
    """Who of a side has read furthest, and when."""

    name: str
    at: datetime


def read_by(case: Case, side: str) -> Reading | None:
    """Return the latest reading of `side`: has the commune seen what we wrote?"""
    wanted = (
        select(ThreadMark)
        .where(ThreadMark.case_id == case.id, ThreadMark.side == side)
        .order_by(ThreadMark.read_at.desc())
        .limit(1)
    )
    found = session().scalar(wanted)
    return Reading(found.reader_name, found.read_at) if found else None


def unread(actor: Actor, case: Case) -> int:
    """Return how many messages of the other sides came since the actor last read."""
    reader = f"{actor.kind.value}:{actor.id}"
    since = (
        select(ThreadMark.read_at)
        .where(ThreadMark.case_id == case.id, ThreadMark.reader == reader)
        .scalar_subquery()
    )
    wanted = select(func.count()).where(
        *readable(actor, case),
        CaseMessage.desk_only.is_(False),
        CaseMessage.side != side_of(actor, case),
        CaseMessage.at > func.coalesce(since, case.opened_at),
    )
    return session().scalar(wanted) or 0


def _added(
    actor: Actor,
    case: Case,
    side: str,
    body: str,
    *,
    desk_only: bool = False,
    readers: Sequence[str] = (),
) -> CaseMessage:
    message = CaseMessage(
        key_id=case.key_id,
        case=case,
        case_id=case.id,
        at=clock.now(),
        side=side,
        author_kind=actor.kind.value,
        author_id=actor.id,
        author_name=actor.name,
        body=body,
        desk_only=desk_only,
        shared_with=list(readers),
    )
    session().add(message)
    return message

"""Deliveries that were given up, and the cases they belong to: shown to those who may see these."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, cast, func, or_, select
from sqlalchemy.orm import aliased, lazyload

from cyberdesk.core.access import Actor
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.jobs import service
from cyberdesk.core.jobs.models import Message
from cyberdesk.core.letters.models import Letter
from cyberdesk.core.text import Text, _
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.watch import MOST

TOPICS = {
    "letter:send": _("Send a mail"),
    "playbook:wake": _("Let a playbook go on"),
    "file:verify": _("Check a file"),
    "file:sweep": _("Tidy files"),
}


_WAITING = (Message.failed_at.is_not(None), Message.settled_at.is_(None))


@dataclass(frozen=True, slots=True)
class Failed:
    """A delivery that was given up. `case` is None where there is none, or it is not for you."""

    message: Message
    case: Case | None
    protected: bool  # it belongs to a case that the reader may not see

    @property
    def what(self) -> Text | str:
        return TOPICS.get(self.message.topic, self.message.topic)

    @property
    def why(self) -> str:
        """What was answered; of a protected case only what kind of fault it was."""
        said = self.message.last_error or ""
        return said.partition(":")[0] if self.protected else said


def failed(actor: Actor) -> list[Failed]:
    """Return the deliveries that wait for a person, oldest first, as `actor` may see them."""
    wanted = _reached(actor).where(*_WAITING).order_by(Message.failed_at).limit(MOST)
    return _found(actor, wanted)


def count(actor: Actor) -> int:
    """Count what `failed` would show: one statement, on an index of few rows."""
    if actor.may("delivery:house"):
        wanted = select(func.count()).select_from(Message).where(*_WAITING)
    else:
        reached = _reached(actor).where(*_WAITING).subquery()
        wanted = select(func.count()).select_from(reached)
    return session().scalar(wanted) or 0


def access_failed(actor: Actor, message_id: UUID) -> Failed:
    """Return the delivery when `actor` may look after it. Raises NotFoundError."""
    found = _found(actor, _reached(actor).where(Message.id == message_id))
    if not found:
        raise NotFoundError(_("There is no such delivery, or it is not open to you."))
    return found[0]


def _found(actor: Actor, wanted: Any) -> list[Failed]:
    """Read as the house for whoever runs the platform, else within reach, in one statement."""
    with seeing(SYSTEM) if actor.may("delivery:house") else nullcontext():
        rows = session().execute(wanted).unique().all()
        return [one for row in rows if (one := _seen(actor, *row)) is not None]


def _reached(actor: Actor) -> Any:
    """Select what `actor` looks after: row-level security hides letters and runs of other cases."""
    if actor.may("delivery:house"):
        return _with_cases()
    return _with_cases().where(Case.id.is_not(None))


def _with_cases() -> Any:
    """Select each message with its case: that of its letter, or of its run."""
    letter, run = aliased(Letter), aliased(Run)
    return (
        select(Message, Case)
        .outerjoin(letter, letter.id == _id_in("letter_id"))
        .outerjoin(run, run.id == _id_in("run_id"))
        .outerjoin(Case, or_(Case.id == letter.case_id, Case.id == run.case_id))
        # Its usual inner join would leave out what belongs to no case.
        .options(lazyload(Case.organisation))
    )


def _id_in(key: str) -> ColumnElement[UUID]:
    return cast(Message.payload[key].astext, Uuid())


def _seen(actor: Actor, message: Message, case: Case | None) -> Failed | None:
    if case is None:
        return Failed(message, None, protected=False) if actor.may("delivery:house") else None
    if actor.may("case:desk", case.place()):
        return Failed(message, case, protected=False)
    # Who runs the platform tries it again once its cause is mended, and learns of no case.
    return Failed(message, None, protected=True) if actor.may("delivery:house") else None


def try_again(actor: Actor, found: Failed) -> None:
    """Have the delivery made again, from its first attempt on."""
    with seeing(SYSTEM):  # the house alone changes deliveries, and a case's journal may be hidden
        service.retry(actor, found.message, case=_sealing(found))


def give_up(actor: Actor, found: Failed, *, reason: str) -> None:
    """Give the delivery up for good; the reason is sealed with the key of its case, if any."""
    with seeing(SYSTEM):
        service.settle(actor, found.message, reason=reason, case=_sealing(found))


def _sealing(found: Failed) -> Case | None:
    if found.case is not None or not found.protected:
        return found.case
    row = session().execute(_with_cases().where(Message.id == found.message.id)).unique()
    case: Case | None = row.one()[1]
    return case

"""Deliveries that were given up, and the cases they belong to: shown to those who may see these."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
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
    waiting = (Message.failed_at.is_not(None), Message.settled_at.is_(None))
    with seeing(SYSTEM):
        rows = session().execute(_with_cases().where(*waiting).order_by(Message.failed_at))
        seen = [_seen(actor, message, case) for message, case in rows.unique()]
    return [one for one in seen if one is not None][:MOST]


def count(actor: Actor) -> int:
    """Count what `failed` would show: one statement, on an index of few rows."""
    waiting = (Message.failed_at.is_not(None), Message.settled_at.is_(None))
    if actor.may("delivery:house"):
        return session().scalar(select(func.count()).select_from(Message).where(*waiting)) or 0
    # Row-level security lets through the letters and runs of cases within reach, and no others.
    reached = _with_cases().where(*waiting, Case.id.is_not(None)).subquery()
    return session().scalar(select(func.count()).select_from(reached)) or 0


def access_failed(actor: Actor, message_id: UUID) -> Failed:
    """Return the delivery when `actor` may look after it. Raises NotFoundError."""
    with seeing(SYSTEM):
        row = session().execute(_with_cases().where(Message.id == message_id)).unique().first()
        found = _seen(actor, *row) if row else None
    if found is None:
        raise NotFoundError(_("There is no such delivery, or it is not open to you."))
    return found


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
    with _reaching(found):
        service.retry(actor, found.message, case=_sealing(found))


def give_up(actor: Actor, found: Failed, *, reason: str) -> None:
    """Give the delivery up for good; the reason is sealed with the key of its case, if any."""
    with _reaching(found):
        service.settle(actor, found.message, reason=reason, case=_sealing(found))


@contextmanager
def _reaching(found: Failed) -> Iterator[None]:
    """Write the journal of a case that whoever runs the platform does not see."""
    with seeing(SYSTEM) if found.protected else nullcontext():
        yield


def _sealing(found: Failed) -> Case | None:
    if found.case is not None or not found.protected:
        return found.case
    row = session().execute(_with_cases().where(Message.id == found.message.id)).unique()
    case: Case | None = row.one()[1]
    return case

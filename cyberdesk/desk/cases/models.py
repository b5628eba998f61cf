"""The case: what every strand's work hangs on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cyberdesk.core.access.actor import Place
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.crypto.sealed import SealedText
from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import case_row, of_case

OPEN = "open"
CLOSED = "closed"


class Case(Row):
    """One affair of one organisation, from the first call to its letter of closing.

    Plain columns hold codes, numbers and generated titles, so that the queue can sort and search;
    whatever a person wrote is sealed with the case's own key.
    """

    __tablename__ = "cases"
    __policy__ = case_row()
    __table_args__ = (
        Index(None, "strand", text("rank DESC"), "id", postgresql_where=text("state = 'open'")),
        Index(None, "organisation_id", "opened_at"),
        Index(None, "owner_id", postgresql_where=text("state = 'open'")),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_keys.id"))
    strand: Mapped[str]
    kind: Mapped[str]  # incident, request, …: the strand's kinds of case
    subject: Mapped[str | None]  # the strand's type: ransomware, mail-account, …
    rsit: Mapped[str | None]  # RSIT class/type
    title: Mapped[dict[str, Any]]  # {fr, en}, generated from codes, never typed
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    declaration_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default=OPEN)
    outcome: Mapped[str | None]  # incident, false-alarm, information, duplicate
    severity: Mapped[int] = mapped_column(default=0)  # 0–100
    level: Mapped[int] = mapped_column(default=1)  # 1 vigilance … 4 critical
    severity_why: Mapped[dict[str, Any]] = mapped_column(default=dict)  # factors in words, {fr, en}
    rank: Mapped[int] = mapped_column(default=0)  # place in the queue, worst first
    rank_why: Mapped[dict[str, Any]] = mapped_column(default=dict)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    waits_on: Mapped[str | None]  # commune, provider, responder, mayor, dpo, engine
    waits_since: Mapped[datetime | None]
    waits_why: Mapped[dict[str, Any]] = mapped_column(default=dict)
    next_due_at: Mapped[datetime | None]
    next_due_what: Mapped[dict[str, Any]] = mapped_column(default=dict)
    duplicate_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    exercise: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    active_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own form

    def place(self) -> Place:
        return Place(strand=self.strand, organisation=self.organisation_id, case=self.id)


class OfCase:
    """What belongs to a case stands where the case stands."""

    case: Any

    def place(self) -> Place:
        return self.case.place()  # type: ignore[no-any-return]


class CaseEvent(OfCase, Row):
    """A line of the timeline: something that happened, and when, told to people.

    `kind` is an event name (`case:taken`); `facts` are codes and ids to tell it with; what a
    person wrote is sealed in `words`.
    """

    __tablename__ = "case_events"
    __policy__ = of_case()
    __table_args__ = (Index(None, "case_id", "at"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    key_id: Mapped[UUID]
    at: Mapped[datetime]
    kind: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    words_sealed: Mapped[bytes | None]
    desk_only: Mapped[bool] = mapped_column(default=False)

    case: Mapped[Case] = relationship()
    words = SealedText()

"""The case: what every strand's work hangs on."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cyberdesk.core.access.actor import Place
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.crypto.sealed import SealedText
from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import case_row

OPEN = "open"
CLOSED = "closed"
_WHILE_OPEN, _CLOSED = text("state = 'open'"), text("state = 'closed'")


def _in_order(*columns: str, where: str = "", name: str = "") -> Iterable[Index]:
    """Yield the index that gives open cases of some kind in the order of the queue."""
    only = f"state = 'open' AND ({where})" if where else "state = 'open'"
    kind = name or "_".join(columns)
    yield Index(
        f"ix_cases_queue_{kind}", *columns, text("rank DESC"), "id", postgresql_where=text(only)
    )


class Case(Row):
    """One affair of one organisation, from the first call to its letter of closing.

    Plain columns hold codes, numbers and generated titles, so that the queue can sort and search;
    whatever a person wrote is sealed with the case's own key. `version` counts what the timeline
    has been told: live pages and forms compare it with what they have seen.
    """

    __tablename__ = "cases"
    __policy__ = case_row()
    __table_args__ = (
        *_in_order("strand"),
        *_in_order("strand", "level"),
        *_in_order("strand", "subject"),
        *_in_order("strand", "department"),
        *_in_order("strand", "waits_on"),
        *_in_order("owner_id"),
        *_in_order("organisation_id"),
        *_in_order("strand", where="owner_id IS NULL", name="free"),
        *_in_order("strand", where="waits_on = 'responder' OR wrote_at IS NOT NULL", name="ours"),
        Index(None, "strand", "next_due_at", postgresql_where=_WHILE_OPEN),
        Index(None, "strand", text("active_at DESC"), "id"),
        Index("ix_cases_closed", "strand", text("active_at DESC"), "id", postgresql_where=_CLOSED),
        Index(None, "organisation_id", "opened_at"),
        Index(None, "rank_due_at", postgresql_where=_WHILE_OPEN),
        Index(None, "strand", "moved_at"),
    )

    # Collated as bytes, so that its one index finds it by its beginning as well.
    reference: Mapped[str] = mapped_column(Text(collation="C"), unique=True)
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_keys.id"))
    strand: Mapped[str]
    kind: Mapped[str]  # incident, request, …: the strand's kinds of case
    subject: Mapped[str | None]  # the strand's type: ransomware, mail-account, …
    rsit: Mapped[str | None]  # RSIT class/type
    title: Mapped[dict[str, Any]]  # {fr, en}, generated from codes, never typed
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    department: Mapped[str | None]  # "83": copied from the organisation, to filter by
    grouping_id: Mapped[UUID | None]  # its EPCI, likewise
    declaration_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default=OPEN)
    outcome: Mapped[str | None]  # incident, false-alarm, information, duplicate
    exercise: Mapped[bool] = mapped_column(default=False)

    severity: Mapped[int] = mapped_column(default=0)  # 0–100, in force
    level: Mapped[int] = mapped_column(default=1)  # 1 vigilance … 4 critical, in force
    severity_why: Mapped[dict[str, Any]] = mapped_column(default=dict)  # factors in words, {fr, en}
    computed_severity: Mapped[int] = mapped_column(default=0)  # what triage found
    computed_level: Mapped[int] = mapped_column(default=1)
    overridden_by: Mapped[str | None]  # who set another severity, and the reason they gave
    overridden_at: Mapped[datetime | None]
    override_reason_sealed: Mapped[bytes | None]

    rank: Mapped[int] = mapped_column(default=0)  # place in the queue, worst first
    rank_why: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {"reasons": [...]}: ranking.py
    rank_due_at: Mapped[datetime | None]  # when time alone changes the rank
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    owner_name: Mapped[str | None]
    escalated_at: Mapped[datetime | None]
    waits_on: Mapped[str | None]  # commune, provider, responder, mayor, dpo, engine
    waits_since: Mapped[datetime | None]
    waits_why: Mapped[dict[str, Any]] = mapped_column(default=dict)
    wrote_at: Mapped[datetime | None]  # oldest message to the desk that nobody there has read
    dues: Mapped[dict[str, Any]] = mapped_column(default=dict)  # by source: {at, what}
    next_due_at: Mapped[datetime | None]  # the earliest of them
    next_due_from: Mapped[str | None]  # callback, tasks, clocks, …
    next_due_since: Mapped[datetime | None]
    next_due_what: Mapped[dict[str, Any]] = mapped_column(default=dict)

    duplicate_of_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    aware_at: Mapped[datetime | None]  # the earliest instant at which the victim knew: clocks
    opened_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    active_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    moved_at: Mapped[datetime]  # last change of any kind: live pages look anew
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    override_reason = SealedText()

    def place(self) -> Place:
        return Place(
            strand=self.strand,
            organisation=self.organisation_id,
            case=self.id,
            declaration=self.declaration_id,
        )

    @property
    def is_open(self) -> bool:
        return self.state == OPEN


class OfCase:
    """What belongs to a case stands where the case stands."""

    case: Any

    def place(self) -> Place:
        return self.case.place()  # type: ignore[no-any-return]

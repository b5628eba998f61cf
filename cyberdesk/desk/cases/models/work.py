"""What working on a case leaves behind: messages, people, links, endings, emergency openings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cyberdesk.core.crypto.sealed import SealedJson, SealedText
from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import any_of, of_case, own_rows
from cyberdesk.desk.cases.models.case import Case, OfCase
from cyberdesk.desk.cases.models.timeline import DESK_ONLY, desk_alone


class CaseMessage(OfCase, Row):
    """A message between the desk and those whom the case concerns, or a note of the desk's own."""

    __tablename__ = "case_messages"
    __policy__ = DESK_ONLY
    __table_args__ = (Index(None, "case_id", "at"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    key_id: Mapped[UUID]
    at: Mapped[datetime]
    side: Mapped[str]  # desk, commune, provider, dpo
    author_kind: Mapped[str]
    author_id: Mapped[UUID | None]
    author_name: Mapped[str]
    body_sealed: Mapped[bytes | None]
    desk_only: Mapped[bool] = mapped_column(default=False)
    shared_with: Mapped[list[str]] = mapped_column(default=list)  # sides.READERS who read it too

    case: Mapped[Case] = relationship()
    body = SealedText()


class ThreadMark(OfCase, Row):
    """How far a reader has read the thread of a case; only ever moves on."""

    __tablename__ = "case_thread_marks"
    __policy__ = of_case()
    __table_args__ = (UniqueConstraint("case_id", "reader"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    reader: Mapped[str]  # kind:id
    reader_name: Mapped[str]
    side: Mapped[str]
    read_at: Mapped[datetime]

    case: Mapped[Case] = relationship()


class CasePerson(OfCase, Row):
    """Somebody to talk to about a case. Never deleted: `ended_at` says until when."""

    __tablename__ = "case_people"
    __policy__ = of_case()
    __table_args__ = (Index(None, "case_id"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    key_id: Mapped[UUID]
    role: Mapped[str]  # vocabulary.PEOPLE
    contact_sealed: Mapped[bytes | None]  # {name, phone, email, note}
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    contact = SealedJson()


class CaseLink(Row):
    """Two cases that have to do with each other. Known to the desk alone, and kept when ended."""

    __tablename__ = "case_links"
    __policy__ = desk_alone()
    __table_args__ = (
        CheckConstraint("case_id <> other_id", name="two_cases"),
        Index(None, "case_id"),
        Index(None, "other_id"),
        Index(
            "uq_case_links_active",
            text("least(case_id, other_id)"),
            text("greatest(case_id, other_id)"),
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str]  # related; duplicate: case_id is the duplicate of other_id
    key_id: Mapped[UUID]  # of case_id
    reason_sealed: Mapped[bytes | None]
    author_name: Mapped[str]
    linked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship(foreign_keys=[case_id])
    other: Mapped[Case] = relationship(foreign_keys=[other_id])
    reason = SealedText()


class CaseEnding(OfCase, Row):
    """What was found when the case was closed, and what the commune was told. One each time."""

    __tablename__ = "case_endings"
    __policy__ = of_case()
    __table_args__ = (Index(None, "case_id", "at"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    key_id: Mapped[UUID]
    at: Mapped[datetime]
    author_name: Mapped[str]
    outcome: Mapped[str]
    determination: Mapped[str]
    causes: Mapped[list[str]] = mapped_column(default=list)
    damages: Mapped[list[str]] = mapped_column(default=list)
    found_sealed: Mapped[bytes | None]  # {cause, damage, lessons}: the desk's words
    letter_sealed: Mapped[bytes | None]
    reopened_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    found = SealedJson()
    letter = SealedText()


class GlassBreak(OfCase, Row):
    """A lead of another desk opened this case in an emergency, and said why."""

    __tablename__ = "case_glass_breaks"
    __policy__ = any_of(desk_alone("case_id"), own_rows("person_id"))
    __table_args__ = (Index(None, "case_id", "at"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    key_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    person_name: Mapped[str]
    reason_sealed: Mapped[bytes | None]
    at: Mapped[datetime]
    until: Mapped[datetime]

    case: Mapped[Case] = relationship()
    reason = SealedText()


class SavedView(Row):
    """A way to look at the queue that somebody keeps: the filters of its address, by name."""

    __tablename__ = "saved_views"
    __policy__ = own_rows("person_id")
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str]
    query: Mapped[str]  # as in the address: level=4&waits=commune
    created_at: Mapped[datetime]

"""A declaration from its first answer to its case, and what it leaves behind for the law."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cyberdesk.core.access.actor import Place
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.crypto.sealed import SealedJson, SealedText
from cyberdesk.core.db import Base, Row
from cyberdesk.core.db.rls import added_by_all, any_of, declaration_row, of_case, open_to_all
from cyberdesk.desk.cases.models import Case

DRAFT = "draft"
SENT = "sent"
DROPPED = "dropped"


class Declaration(Row):
    """A call for help, saved screen by screen under a key of its own, which its case then adopts.

    Plain columns are codes and instants. `doubts` are reasons to look twice (a bot, a flood): they
    never refuse anything. `edition` counts the saves.
    """

    __tablename__ = "declarations"
    __policy__ = any_of(declaration_row(), of_case())
    __table_args__ = (
        Index(None, "saved_at", postgresql_where=text("state = 'draft'")),
        Index(None, "network", "started_at"),
        Index(None, "case_id"),
        Index(None, "made_by_id", "id", postgresql_where=text("made_by_id IS NOT NULL")),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    strand: Mapped[str]
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_keys.id"))
    version: Mapped[str]  # of the questionnaire that it answers, as a SHA-256
    language: Mapped[str]
    state: Mapped[str] = mapped_column(default=DRAFT)
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    exercise: Mapped[bool] = mapped_column(default=False)
    page: Mapped[str | None]  # the screen saved last
    edition: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[list[str]] = mapped_column(default=list)
    network: Mapped[bytes]  # peppered hash, to see a flood
    code_hash: Mapped[bytes]
    made_by_id: Mapped[UUID | None]  # whose program declared it, on behalf of the organisation
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    answers_sealed: Mapped[bytes | None]
    typed_name_sealed: Mapped[bytes | None]
    their_reference_sealed: Mapped[bytes | None]

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    case: Mapped[Case | None] = relationship()
    answers = SealedJson()
    typed_name = SealedText()  # of an organisation that is not in the directory
    their_reference = SealedText()  # what the program that declared calls it: a ticket

    def place(self) -> Place:
        return Place(
            strand=self.strand if self.case_id else None,  # a draft is on nobody's desk
            organisation=self.organisation_id if self.case_id else None,
            case=self.case_id,
            declaration=self.id,
        )


class KeptForm(Base):
    """A questionnaire as it was when someone began to answer it (C0)."""

    __tablename__ = "kept_forms"
    __policy__ = added_by_all()
    __grants__ = "SELECT, INSERT"

    version: Mapped[str] = mapped_column(primary_key=True)
    strand: Mapped[str]
    document: Mapped[str]
    kept_at: Mapped[datetime]


class Way(Row):
    """A way in without an account: a role on one declaration or one case, until it ends."""

    __tablename__ = "ways"
    __policy__ = any_of(declaration_row("declaration_id"), of_case())
    __table_args__ = (Index(None, "case_id"), Index(None, "declaration_id"))

    role: Mapped[str]  # declarant, mayor, provider, …
    declaration_id: Mapped[UUID | None] = mapped_column(ForeignKey("declarations.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    label: Mapped[str]  # for whom, in words
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Pace(Base):
    """How far ahead of its pace a network is; the key is a peppered hash."""

    __tablename__ = "paces"
    __policy__ = open_to_all()

    key: Mapped[bytes] = mapped_column(primary_key=True)
    next_at: Mapped[datetime] = mapped_column(index=True)

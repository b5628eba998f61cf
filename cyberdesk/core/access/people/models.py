"""Invitations: a role that waits for its person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cyberdesk.core.access.actor import Place
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import system_only


class Invitation(Row):
    """A role offered to whoever holds its private link. Without an address, the first comer's."""

    __tablename__ = "invitations"
    __policy__ = system_only()
    __table_args__ = (Index(None, "organisation_id", postgresql_where=text("accepted_at IS NULL")),)

    email: Mapped[str | None]
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="fr")
    role: Mapped[str]
    strand: Mapped[str | None]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))  # who accepted it

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    def place(self) -> Place:
        return Place(strand=self.strand, organisation=self.organisation_id)

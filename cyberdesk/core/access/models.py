"""Organisations, people and the roles that people hold somewhere."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cyberdesk.core.access.actor import Place
from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import any_of, own_rows, read_by_all, system_only


class Organisation(Row):
    """A commune, EPCI, département, lycée, association, CSIRT, the Region, a State service…

    Public facts only (C0): who belongs to it and what befell it stand elsewhere.
    """

    __tablename__ = "organisations"
    __policy__ = read_by_all()
    __table_args__ = (
        UniqueConstraint("kind", "code"),
        Index(
            "ix_organisations_beginning",
            text('"left"(search, 2)'),
            text("population DESC NULLS LAST"),
            "search",
        ),
        Index(
            "ix_organisations_words",
            text("to_tsvector('simple', search)"),
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},  # read far more often than written
        ),
    )

    kind: Mapped[str]  # commune, epci, departement, lycee, association, csirt, region, state, other
    code: Mapped[str | None]  # INSEE code of a commune, SIREN of the others
    name: Mapped[str]
    search: Mapped[str]  # its name and codes as plain words: see directory/words.py
    siren: Mapped[str | None]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    population: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # postal codes, arrondissement, …
    fictional: Mapped[bool] = mapped_column(default=False)  # demo and exercises: never a real one
    created_at: Mapped[datetime]

    def place(self) -> Place:
        return Place(organisation=self.id)


class Person(Row):
    """Someone who signs in (C2). Sign-in reads it as the system; others see it through services."""

    __tablename__ = "people"
    __policy__ = any_of(own_rows("id"), system_only())

    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="fr")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(back_populates="person")

    def place(self) -> Place:
        return Place(person=self.id)


class Membership(Row):
    """A role that a person holds: on a strand's desk, in an organisation, or on one case."""

    __tablename__ = "memberships"
    __policy__ = any_of(own_rows("person_id"), system_only())
    __table_args__ = (
        # One row for one role in one place: what ends it ends it wholly.
        UniqueConstraint(
            "person_id",
            "role",
            "strand",
            "organisation_id",
            "case_id",
            postgresql_nulls_not_distinct=True,
        ),
        Index(None, "organisation_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str]
    strand: Mapped[str | None]  # a strand's name, or "*" for the administrator
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    case_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    def place(self) -> Place:
        return Place(strand=self.strand, organisation=self.organisation_id, case=self.case_id)


class PrivateLink(Row):
    """A right to come in by an address alone: an invitation, a declaration, a new password.

    Only a peppered hash of its token is kept; `subject_id` is what it opens.
    """

    __tablename__ = "private_links"
    __policy__ = system_only()
    __table_args__ = (Index(None, "subject_id"),)

    purpose: Mapped[str]
    subject_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ApiToken(Row):
    """A machine's token. It acts for the person who made it, and never beyond what they may."""

    __tablename__ = "api_tokens"
    __policy__ = own_rows()
    __table_args__ = (Index(None, "person_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str]
    prefix: Mapped[str]  # its first signs, to tell tokens apart
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    scopes: Mapped[list[str]]  # permissions
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

"""What machines ask of people and organisations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from cyberdesk.core.access.directory import find_organisations
from cyberdesk.core.access.directory.search import DECLARING, Kind
from cyberdesk.core.access.permissions import SIGNED_IN
from cyberdesk.core.access.signin.bearer import holder
from cyberdesk.core.web.api import ApiDoor, Output, Query
from cyberdesk.core.web.identity import actor

door = ApiDoor("access", __name__, tag="Access")


class GrantOut(Output):
    role: str
    strand: str | None
    organisation: UUID | None
    case: UUID | None


class MeOut(Output):
    """The token that asks."""

    id: UUID = Field(description="Of the token, as the journal names it.")
    name: str = Field(examples=["Ticket bridge"])
    person: UUID = Field(description="For whom it acts: `owner` of the cases that it takes.")
    scopes: list[str] = Field(description="Permissions of the token.", examples=[["case:read"]])
    grants: list[GrantOut] = Field(description="Where the roles of its maker are held.")
    expires_at: datetime


class OrganisationQuery(Query):
    search: str = Field(min_length=1, description="Name, postal code or INSEE code as typed.")
    kind: Kind | None = Field(default=None, description="Only organisations of this kind.")
    limit: int = Field(default=8, ge=1, le=50)


class OrganisationOut(Output):
    id: UUID
    kind: str = Field(examples=["commune"])
    code: str | None = Field(description="INSEE code of a commune, SIREN of others.")
    name: str
    siren: str | None
    population: int | None
    facts: dict[str, Any] = Field(description="Postal codes, arrondissement, département…")


class OrganisationsOut(Output):
    data: list[OrganisationOut] = Field(description="Best match first.")


@door.get("/me", may=SIGNED_IN, answers=MeOut)
def me() -> MeOut:
    """Who this token acts as."""
    who, held = actor(), holder()
    assert who.id
    assert who.person
    assert held
    return MeOut(
        id=who.id,
        name=held.name,
        person=who.person,
        scopes=list(held.scopes),
        grants=[GrantOut.model_validate(grant) for grant in who.grants],
        expires_at=held.expires_at,
    )


@door.get("/organisations", may=SIGNED_IN, answers=OrganisationsOut, query=OrganisationQuery)
def organisations(query: OrganisationQuery) -> OrganisationsOut:
    """Find organisations while their name is typed.

    Accents, hyphens and apostrophes do not matter; `st` stands for `saint`.
    """
    kinds = {query.kind} if query.kind else DECLARING
    found = find_organisations(query.search, kinds, query.limit)
    return OrganisationsOut(data=[OrganisationOut.model_validate(row) for row in found])

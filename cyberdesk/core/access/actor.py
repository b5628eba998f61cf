"""Who acts, and how far they reach."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from cyberdesk.core.access.permissions import permissions_of
from cyberdesk.core.db import Scope

EVERYWHERE = "*"


class ActorKind(StrEnum):
    PERSON = "person"
    LINK = "link"  # a declarant's private link
    TOKEN = "token"  # noqa: S105  # a machine's API token
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object stands: what a grant must cover for its permissions to count."""

    strand: str | None = None
    organisation: UUID | None = None
    case: UUID | None = None
    declaration: UUID | None = None
    person: UUID | None = None


class Placed(Protocol):
    """An object that says where it stands."""

    def place(self) -> Place: ...


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held somewhere: on a strand's desk, in an organisation, on one case, or everywhere.

    `only` narrows it to some permissions: the scopes of an API token.
    """

    role: str
    strand: str | None = None
    organisation: UUID | None = None
    case: UUID | None = None
    declaration: UUID | None = None
    only: frozenset[str] | None = None

    def permits(self, permission: str) -> bool:
        allowed = self.only is None or permission in self.only
        return allowed and permission in permissions_of(self.role)

    def covers(self, place: Place) -> bool:
        if self.strand:
            return self.strand in (EVERYWHERE, place.strand)
        if self.organisation:
            return self.organisation == place.organisation
        if self.case:
            return self.case == place.case
        return self.declaration is not None and self.declaration == place.declaration


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of an act: a person, a private link, a machine, or the house itself."""

    kind: ActorKind
    id: UUID | None = None
    name: str = ""
    grants: tuple[Grant, ...] = ()
    strong: bool = False  # signed in with a second factor or a passkey
    language: str = "fr"
    address: str = field(default="", compare=False)  # network, for throttling; never journalled
    behind: UUID | None = None  # the person whose token this machine holds

    def may(self, permission: str, place: Place | None = None) -> bool:
        """Say whether the actor has `permission`: at `place`, or anywhere when None."""
        if self.kind is ActorKind.SYSTEM:
            return True
        return any(
            grant.permits(permission) and (place is None or grant.covers(place))
            for grant in self.grants
        )

    @property
    def person(self) -> UUID | None:
        """Return who answers for the act: a machine's acts are those of whoever made its token."""
        return self.id if self.kind is ActorKind.PERSON else self.behind

    @property
    def staff(self) -> bool:
        return any(grant.strand for grant in self.grants)

    @property
    def scope(self) -> Scope:
        """The reach of the actor's transactions, for row-level security.

        Staff who have yet to show a second factor reach themselves alone, on whichever page.
        """
        person = self.id if self.kind is ActorKind.PERSON else None
        if person and self.staff and not self.strong:
            return Scope(person=person)
        return Scope(
            system=self.kind is ActorKind.SYSTEM,
            person=person,
            desks=frozenset(g.strand for g in self.grants if g.strand and _reads(g)),
            organisations=_given(g.organisation for g in self.grants),
            cases=_given(g.case for g in self.grants),
            declarations=_given(g.declaration for g in self.grants),
        )


def _reads(grant: Grant) -> bool:
    # The administrator of the platform works on no desk: none of the protected rows are theirs.
    return grant.permits("case:read")


def _given(values: Iterable[UUID | None]) -> frozenset[UUID]:
    return frozenset(value for value in values if value)


ANONYMOUS = Actor(ActorKind.ANONYMOUS)


def system(name: str) -> Actor:
    """Return the house itself acting as `name`: engine, sweeper, demo."""
    return Actor(ActorKind.SYSTEM, name=name)

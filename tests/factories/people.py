"""People, organisations, memberships."""

import secrets
import time
from datetime import datetime
from itertools import count
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access.actor import Actor, ActorKind, Grant
from cyberdesk.core.access.directory.words import indexed
from cyberdesk.core.access.models import Membership, Organisation, Person
from cyberdesk.core.access.signin.models import Credentials
from cyberdesk.core.access.signin.sessions import open_session
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM

_number = count(1)
_DESKS = {"responder", "lead", "officer", "trainer"}
_EVERYWHERE = {"admin", "auditor"}


def make_organisation(name: str = "", kind: str = "commune", **values) -> Organisation:
    """A fictional organisation, committed."""
    number = next(_number)
    name = name or f"Valfleur-{number}"
    values = {"code": f"9{number:04}", "facts": {}, "fictional": True} | values
    with atomic(SYSTEM) as session:
        row = Organisation(
            kind=kind,
            name=name,
            search=indexed(name, [values["code"]]),
            created_at=clock.now(),
            **values,
        )
        session.add(row)
    return row


def make_person(role: str | None = "responder", **place) -> Person:
    """A person who holds `role`, committed; `name` and `email` may be given.

    `place` is strand=, organisation= or case=; without one a desk's role stands on the cyber desk,
    admin and auditor stand everywhere, and a member gets an organisation of their own.
    """
    number = next(_number)
    values = {key: place.pop(key) for key in ("name", "email", "language") if key in place}
    values = {"name": f"Personne {number}", "email": f"personne{number}@example.org"} | values
    with atomic(SYSTEM) as session:
        person = Person(created_at=clock.now(), **values)
        session.add(person)
        session.flush()
        session.add(
            Credentials(
                person_id=person.id,
                uniquifier=secrets.token_hex(16),
                passkey_handle=secrets.token_hex(16),
            )
        )
    if role:
        make_membership(person, role, **place)
    return person


def make_membership(
    person: Person,
    role: str,
    *,
    strand: str | None = None,
    organisation: Organisation | UUID | None = None,
    case: UUID | None = None,
    ended_at: datetime | None = None,
) -> Membership:
    """One more role of `person`, committed."""
    if not (strand or organisation or case):
        strand = "*" if role in _EVERYWHERE else "cyber" if role in _DESKS else None
        organisation = None if strand else make_organisation()
    with atomic(SYSTEM) as session:
        row = Membership(
            person_id=person.id,
            role=role,
            strand=strand,
            organisation_id=getattr(organisation, "id", organisation),
            case_id=getattr(case, "id", case),
            created_at=clock.now(),
            ended_at=ended_at,
        )
        session.add(row)
    return row


def actor_of(person: Person, *, strong: bool = True) -> Actor:
    """The actor that `person` is once signed in, to call services with."""
    with atomic(SYSTEM) as session:
        rows = session.scalars(select(Membership).where(Membership.person_id == person.id)).all()
    return Actor(
        ActorKind.PERSON,
        id=person.id,
        name=person.name,
        grants=tuple(Grant(m.role, m.strand, m.organisation_id, m.case_id) for m in rows),
        strong=strong,
        language=person.language,
    )


def sign_in(client: FlaskClient, person: Person, *, strong: bool = True) -> FlaskClient:
    """Sign `person` in on `client`, with a second factor unless not `strong`."""
    with atomic(SYSTEM) as session:
        uniquifier = session.scalar(
            select(Credentials.uniquifier).where(Credentials.person_id == person.id)
        )
        token = open_session(person.id, strong=strong, device="test")
    with client.session_transaction() as cookie:
        cookie["sid"], cookie["_user_id"] = token, uniquifier
        cookie["fs_paa"] = time.time()  # how Flask-Security knows that the sign-in is fresh
    return client

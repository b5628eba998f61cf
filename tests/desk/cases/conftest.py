"""A desk with a responder and a lead, two communes that must not know of each other, their people."""

from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, ActorKind, Grant, Role, system
from cyberdesk.core.access.models import Membership, Organisation, Person
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service

HOUSE = system("test")


@dataclass
class World:
    """Who is there. Actors are by role; `north` and `south` are communes."""

    north: UUID
    south: UUID
    actors: dict

    def __getattr__(self, name):
        return self.actors[name]

    def open_case(self, organisation=None, **changed):
        organisation_id = organisation or self.north
        with atomic(SYSTEM):
            key_id = changed.pop("key_id", None) or vault.create_key("case")
            given = {
                "strand": "cyber",
                "kind": "incident",
                "title": {"fr": "Rançongiciel", "en": "Ransomware"},
                "subject": "ransomware",
                "rsit": "malicious-code/infected-system",
                "severity": 74,
                "level": 3,
                "severity_why": {"fr": "réseau entier", "en": "whole network"},
            } | changed
            case = service.open_case(HOUSE, organisation_id=organisation_id, key_id=key_id, **given)
            return case.id

    def link_to(self, case_id):
        """A declarant's private link, once its declaration has become a case."""
        grant = Grant(str(Role.DECLARANT), case=case_id)
        return Actor(ActorKind.LINK, id=uuid4(), name="Secrétariat", grants=(grant,))

    def provider_of(self, case_id):
        """An IT provider, called in for one case."""
        grant = Grant(str(Role.PROVIDER), case=case_id)
        return Actor(ActorKind.PERSON, id=uuid4(), name="Info-Modèle", grants=(grant,), strong=True)

    def again(self, actor):
        """The same person at their next request, with the memberships of that moment."""
        with atomic(SYSTEM) as s:
            held = s.scalars(select(Membership).where(Membership.person_id == actor.id)).all()
            grants = tuple(
                Grant(m.role, m.strand, m.organisation_id, m.case_id)
                for m in held
                if m.ended_at is None or m.ended_at > clock.now()
            )
        return replace(actor, grants=grants)


@contextmanager
def at_desk(actor, case_id):
    """A request of `actor` for one case: a transaction for their reach, and the loaded case."""
    with atomic(actor.scope):
        yield service.access_case(actor, case_id)


def ending(**changed):
    return {
        "outcome": "incident",
        "determination": "confirmed",
        "causes": ["phishing"],
        "damages": ["availability"],
        "cause": "Une pièce jointe ouverte.",
        "damage": "Deux jours sans état civil.",
        "lessons": "Double facteur partout.",
        "letter": "Madame le maire, c’est terminé.",
    } | changed


def signed_in(person, *grants):
    return Actor(ActorKind.PERSON, id=person.id, name=person.name, grants=grants, strong=True)


def _commune(name, code):
    return Organisation(
        kind="commune",
        code=code,
        name=name,
        search=name.lower(),
        population=812,
        facts={},
        fictional=True,
        created_at=clock.now(),
    )


def _join(session, name, role, **where):
    person = Person(
        name=name, email=f"{name.split()[0].lower()}@example.org", created_at=clock.now()
    )
    session.add(person)
    session.flush()
    session.add(
        Membership(
            person_id=person.id,
            role=role,
            strand=where.get("strand"),
            organisation_id=where.get("organisation"),
            created_at=clock.now(),
        )
    )
    return signed_in(person, Grant(role, **where))


@pytest.fixture
def world(database):
    with atomic(SYSTEM) as s:
        north, south = _commune("Saint-Exemple", "83901"), _commune("Val-Modèle", "13902")
        s.add_all([north, south])
        s.flush()
        actors = {
            "responder": _join(s, "Camille Roux", "responder", strand="cyber"),
            "second": _join(s, "Noé Blanc", "responder", strand="cyber"),
            "lead": _join(s, "Aïcha Lebon", "lead", strand="cyber"),
            "stranger": _join(s, "Paul Ailleurs", "lead", strand="campus"),
            "admin": _join(s, "Ada Admin", "admin", strand="*"),
            "auditor": _join(s, "Odile Audit", "auditor", strand="cyber"),
            "member": _join(s, "Nora Nord", "member", organisation=north.id),
            "mayor": _join(s, "Marc Maire", "mayor", organisation=north.id),
            "southerner": _join(s, "Sami Sud", "manager", organisation=south.id),
        }
        return World(north.id, south.id, actors)

"""A desk with a responder and a lead, two communes that must not know of each other, their people."""

from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, ActorKind, Grant, Role, system
from cyberdesk.core.access.models import Membership
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service
from tests.factories import actor_of, make_organisation, make_person

HOUSE = system("test")


@dataclass
class World:
    """Who is there. Actors are by role; `north` and `south` are communes."""

    north: UUID
    south: UUID
    actors: dict
    people: dict

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
        "damages": ["availability/denial-critical", "information/pii"],
        "cause": "Une pièce jointe ouverte.",
        "damage": "Deux jours sans état civil.",
        "lessons": "Double facteur partout.",
        "letter": "Madame le maire, c’est terminé.",
    } | changed


PEOPLE = {
    "responder": ("Camille Roux", "responder", {"strand": "cyber"}),
    "second": ("Noé Blanc", "responder", {"strand": "cyber"}),
    "lead": ("Aïcha Lebon", "lead", {"strand": "cyber", "language": "en"}),
    "stranger": ("Paul Ailleurs", "lead", {"strand": "campus"}),
    "admin": ("Ada Admin", "admin", {"strand": "*"}),
    "auditor": ("Odile Audit", "auditor", {"strand": "cyber"}),
    "member": ("Nora Nord", "member", {"organisation": "north"}),
    "mayor": ("Marc Maire", "mayor", {"organisation": "north"}),
    "southerner": ("Sami Sud", "manager", {"organisation": "south"}),
}


@pytest.fixture
def world(database):
    places = {
        "north": make_organisation("Saint-Exemple", code="83901", population=812),
        "south": make_organisation("Val-Modèle", code="13902", population=21_700),
    }
    people = {
        who: make_person(role, name=name, **{k: places.get(v, v) for k, v in where.items()})
        for who, (name, role, where) in PEOPLE.items()
    }
    actors = {who: actor_of(person) for who, person in people.items()}
    return World(places["north"].id, places["south"].id, actors, people)

"""Two communes with a case each, another strand, and everything that hangs on a case."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cyberdesk.core import clock, db, letters
from cyberdesk.core.access import Role, system
from cyberdesk.core.access.models import Membership, Organisation, Person
from cyberdesk.core.access.people import service as access
from cyberdesk.core.access.signin.models import SignIn
from cyberdesk.core.audit import checkpoints
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.jose import PrivateKey
from cyberdesk.core.crypto.keyring import Keyring
from cyberdesk.core.crypto.signing import Signer
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.files import blobs
from cyberdesk.core.jobs.models import Message
from cyberdesk.core.letters.models import Letter
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.clocks import due
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.declarations import service as declarations
from cyberdesk.desk.declarations import ways
from cyberdesk.desk.intel import service as intel
from cyberdesk.desk.intel.reading import read
from cyberdesk.desk.playbooks import drafts, publishers, versions
from cyberdesk.desk.playbooks import service as playbooks
from cyberdesk.desk.playbooks.starter import starter
from cyberdesk.desk.tasks import service as tasks
from tests.factories import actor_of, make_membership, make_organisation, make_person
from tests.factories.declarations import begin, make_declaration
from tests.fixtures_database import empty
from tests.truth import cast

HOUSE = system("truth")
LASTS = timedelta(days=30)


@dataclass
class World:
    """Everything there is, by whose it is (`north`, `south`, `campus`) and by what it is."""

    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


@contextmanager
def standing(schema: str, files: Path) -> Iterator[World]:
    """Build the world in the database of `schema`, and empty it afterwards."""
    opened = db.Database(schema, pool_size=2)
    db.use(opened)
    vault.use(Keyring.generate())
    blobs.use(blobs.Blobs(files))
    checkpoints.use(Signer.generate("truth.example/journal"))
    try:
        yield build()
    finally:
        checkpoints.use(None)
        blobs.use(None)
        vault.use(None)
        db.use(None)
        opened.close()
        empty(schema)


def build() -> World:
    world = World()
    due.register("campus", _law)
    versions.publish_shipped()
    for place in ("north", "south"):
        organisation = make_organisation(f"Val-{place}")
        begun, case_id = make_declaration(organisation)
        _furnish(world, place, organisation, case_id)
        world.links["declarant" if place == "north" else "declarant-south"] = begun.token
    campus = make_organisation("Val-campus")
    _furnish(world, "campus", campus, _open(campus, "campus"))
    world.links["draft"] = begin(campus).token
    world.links["mayor-link"] = _way(world.held["north"]["case"], Role.MAYOR)[1]
    world.links["provider-link"] = _way(world.held["north"]["case"], Role.PROVIDER)[1]
    _people(world)
    return world


def _law(case: Case, known: datetime, met: due.Met) -> list[due.Due]:
    """What binds the strand that the house does not have yet."""
    del case, met
    return [due.Due("truth", {"fr": "À faire", "en": "To do"}, known, known + LASTS)]


def _open(organisation: Organisation, strand: str) -> UUID:
    with atomic(SYSTEM):
        said = {"fr": "Incident", "en": "Incident"}
        return cases.open_case(
            HOUSE,
            strand=strand,
            kind="incident",
            organisation_id=organisation.id,
            key_id=vault.create_key("case"),
            title=said,
            subject=None,
            rsit=None,
            severity=40,
            level=2,
            severity_why=said,
        ).id


def _furnish(world: World, place: str, organisation: Organisation, case_id: UUID) -> None:
    """Hang one of each on the case."""
    with atomic(SYSTEM) as session:
        case = session.get_one(Case, case_id)
        strand, words = case.strand, {"fr": "À faire", "en": "To do"}
        if case.aware_at is None:  # a declaration tells it itself
            clocks.record_awareness(HOUSE, case, at=clock.now())
        task = tasks.open_task(HOUSE, case, name="ask", who="provider", title=words)
        found = {
            "organisation": organisation.id,
            "case": case_id,
            "reference": case.reference,
            "task": task.id,
            "clock": clocks.clocks_of(case)[0].id,
            "contact": cases.add_person(HOUSE, case, role="it", name="Nadia Contact").id,
            "run": next((run.id for run in playbooks.runs_of(case)), None),
            "file": _file(case),
            "observable": _observable(case),
        }
        cases.write(HOUSE, case, body="Bonjour")
        letters.write("case-closed", to="a@example.org", case=case, reference=case.reference)
        found["failed"] = _failed(case)
        found["told"] = _told(case) if found["run"] else None
        cases.add_note(HOUSE, case, body="Pour nous")
    with atomic(SYSTEM) as session:
        case, other = (
            session.get_one(Case, case_id),
            session.get_one(Case, _open(organisation, strand)),
        )
        found["playbook draft"] = drafts.begin(HOUSE, source=starter("ours")).id
        pem = PrivateKey.generate().public.pem
        found["publisher"] = publishers.trust(HOUSE, name="CSIRT", pem=pem).id
        found["link"] = cases.link(HOUSE, case, other=other, reason="même auteur").id
    found["way"] = _way(case_id, Role.MEMBER)[0]
    world.held[place] = found


def _told(case: Case) -> UUID:
    """A run whose playbook waits to hear of something."""
    return playbooks.start_run(HOUSE, case, playbook="supplier").id


def _file(case: Case) -> UUID:
    upload = SimpleNamespace(filename="note.txt", stream=io.BytesIO(b"une note"))
    return declarations.attach_to_case(HOUSE, case, [upload]).kept[0].id


def _observable(case: Case) -> UUID:
    values = [value for line in read("185.199.108.153") for value in line.found]
    return intel.add_observables(HOUSE, case, values).new[0].id


def _failed(case: Case) -> UUID:
    """A letter of the case that was given up, as the outbox holds it."""
    session = db.session()
    session.flush()
    letter_id = session.scalars(select(Letter.id).where(Letter.case_id == case.id)).first()
    named = Message.payload["letter_id"].astext == str(letter_id)
    message = session.scalars(select(Message).where(named)).one()
    message.failed_at = clock.now()
    return message.id


def _way(case_id: UUID, role: Role) -> tuple[UUID, str]:
    with atomic(SYSTEM):
        issued = ways.issue(HOUSE, role, lasts=LASTS, case_id=case_id, label="quelqu’un")
        return issued.way.id, issued.token


def _people(world: World) -> None:
    """The cast, and what is somebody's own: north's is the responder's, south's the lead's."""
    for who, (role, place) in cast.PEOPLE.items():
        person = world.people[who] = make_person(None, name=who, email=f"{who}@example.org")
        make_membership(person, role, **_where(world, place))
    for place, who, invited in (("north", "responder", "member"), ("south", "lead", "neighbour")):
        world.held[place] |= _own(world.people[who])
        world.held[place]["person"] = world.people[invited].id
        with atomic(SYSTEM) as session:
            held = select(Membership.id).where(Membership.person_id == world.people[invited].id)
            world.held[place]["membership"] = session.scalars(held).one()
            organisation = session.get_one(Organisation, world.held[place]["organisation"])
            offered = access.invite(
                HOUSE, email=f"{place}@example.org", name="N", role="member",
                organisation=organisation,
            )  # fmt: skip
            world.held[place]["invitation"] = offered.id


def _where(world: World, place: str) -> dict[str, Any]:
    if place.startswith("desk:"):
        return {"strand": place.removeprefix("desk:")}
    commune, _dash, case = place.partition("-")
    held = world.held[commune]
    return {"case": held["case"]} if case else {"organisation": held["organisation"]}


def _own(person: Person) -> dict[str, Any]:
    from cyberdesk.core.access.api_tokens import make_token
    from cyberdesk.desk.cases.queue import Asked

    actor = actor_of(person)
    with atomic(actor.scope) as session:
        last = clock.now() + timedelta(days=1)
        token, _text = make_token(actor, name="t", scopes={"case:read"}, expires_at=last)
        view = cases.save_view(actor, name="v", asked_for=Asked())
        signed_in = SignIn(
            person_id=person.id,
            token_hash=person.id.bytes,
            strong=True,
            device="test",
            created_at=clock.now(),
            seen_at=clock.now(),
            expires_at=last,
        )
        session.add(signed_in)
        session.flush()
        return {"token": token.id, "view": view.id, "session": signed_in.id}

"""Letters leave after the commit, say little, and are neither lost nor sent twice."""

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

import cyberdesk
from cyberdesk.core import clock, letters
from cyberdesk.core.connector import ConnectorError
from cyberdesk.core.crypto.models import DataKey
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs import delivery
from cyberdesk.core.jobs.models import Message
from cyberdesk.core.letters.models import Letter
from cyberdesk.core.letters.rendering import render
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.clocks import due, sweeps
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.notices import carrying, telling
from cyberdesk.rooms import open_rooms


class Server:
    """What a mail server does, at the place where the connector stands."""

    def __init__(self):
        self.sent, self.fails, self.set_up = [], [], True

    def prepare(self, name, given, *, key, exercise=False):
        self.given = given
        self.key = key
        return self

    def perform(self):
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append((self.key, self.given))
        return {"message_id": "<1@example.org>", "refused": []}


@pytest.fixture
def server(monkeypatch, database):
    open_rooms()
    made = Server()
    monkeypatch.setattr(carrying, "prepare", made.prepare)
    monkeypatch.setattr(carrying, "acts", lambda _name: made.set_up)
    return made


def letter():
    with atomic(SYSTEM) as s:
        return s.scalars(select(Letter)).one()


def write(**given):
    with atomic(SYSTEM):
        letters.write("message-waiting", to="mairie@example.org", reference="CD-7K4-92M", **given)


def later(**delta):
    return clock.using(clock.still(clock.now() + timedelta(**delta)))


def test_it_leaves_once_and_what_it_said_is_destroyed(server):
    write()
    assert (delivery.drain(), delivery.drain()) == (1, 0)
    assert server.sent[0][1]["to"] == ["mairie@example.org"]
    held = letter()
    assert held.sent_at
    assert held.to_sealed is None
    with atomic(SYSTEM) as s:
        assert s.get(DataKey, held.key_id).wrapped is None


def test_a_busy_server_is_tried_again(server):
    server.fails = [ConnectorError("451"), ConnectorError("451")]
    write()
    delivery.drain()
    for hours in (1, 2):
        with later(hours=hours):
            delivery.drain()
    assert len(server.sent) == 1


def test_without_a_mail_server_it_waits_as_long_as_it_takes(server):
    server.set_up = False
    write()
    for hours in range(40):
        with later(hours=hours):
            delivery.drain()
    with atomic(SYSTEM) as s:
        assert s.scalars(select(Message)).one().attempts == 0
    server.set_up = True
    with later(hours=41):
        delivery.drain()
    assert len(server.sent) == 1


def test_a_doubtful_letter_is_not_repeated(server):
    server.fails = [ConnectorError("broke off", done=None)]
    write()
    delivery.drain()
    with later(days=1):
        assert delivery.drain() == 0
    assert letter().failed_at
    with atomic(SYSTEM) as s:
        assert s.scalars(select(Message)).one().failed_at


def test_the_same_key_is_one_letter(server):
    write(dedup="one")
    write(dedup="one")
    delivery.drain()
    assert len(server.sent) == 1


def test_nothing_of_an_exercise_leaves(server, world):
    case_id = world.open_case(exercise=True)
    with atomic(SYSTEM):
        case = cases.find_case(world.responder, case_id)
        letters.write("message-waiting", to="a@example.org", case=case, reference=case.reference)
    delivery.drain()
    assert server.sent == []
    assert letter().said == "exercise: kept here"


@pytest.mark.parametrize("tongue", ["fr", "en"])
@pytest.mark.parametrize(
    "path",
    sorted(Path(cyberdesk.__file__).parent.glob("desk/notices/mails/[!j]*.txt")),
    ids=lambda p: p.stem,
)
def test_every_template_renders_and_its_subject_says_nothing(path, tongue):
    open_rooms()
    facts = {
        "reference": "CD-7K4-92M",
        "title": {"fr": "Notifier", "en": "Notify"},
        "until": "2026-11-26T06:43:00+00:00",
        "late": False,
    }
    written = render(path.stem, facts, tongue)
    assert len(written.subject) < 70
    assert not re.search(r"attaque|attack|rançon|ransom|cyber|CD-", written.subject, re.IGNORECASE)
    assert "CD-7K4-92M" in written.text
    assert "{" not in written.text


def test_an_exercise_is_marked_in_the_subject():
    written = render("case-closed", {"reference": "CD-7K4-92M"}, "fr", exercise=True)
    assert written.subject.startswith("EXERCICE")


def test_several_messages_of_the_desk_are_one_letter(server, world):
    case_id = world.open_case()
    with atomic(world.responder.scope):
        case = cases.find_case(world.responder, case_id)
        cases.add_person(
            world.responder, case, role="declarant", name="Nora", email="nora@example.org"
        )
        for text in ("Bonjour", "Avez-vous débranché ?", "Je vous appelle."):
            cases.write(world.responder, case, body=text)
    with later(minutes=11):
        delivery.drain()
    assert [given["to"] for _key, given in server.sent] == [["nora@example.org"]]
    assert "débranché" not in server.sent[0][1]["text"]


@pytest.mark.parametrize(("late", "dated"), [(False, True), (True, True), (False, False)])
def test_a_deadline_is_told_to_the_owner_and_to_the_commune(server, world, late, dated):
    case_id = world.open_case()
    with atomic(world.responder.scope):
        case = cases.find_case(world.responder, case_id)
        cases.add_person(world.responder, case, role="dpo", name="Nora", email="nora@example.org")
        cases.take(world.responder, case)
        title = {"fr": "Notifier la CNIL", "en": "Notify the CNIL"}
        law = SimpleNamespace(
            case=case, title=title, due_at=clock.now() if dated else None, late=late
        )
        telling.tell_of_clock(law)
    with later(minutes=11):
        delivery.drain()
    told = [given["to"] for _key, given in server.sent]
    assert len(told) == 2
    assert ["nora@example.org"] in told
    assert all("Notifier la CNIL" in given["text"] for _key, given in server.sent)


def test_a_letter_goes_to_whoever_the_message_is_for(server, world):
    """The provider and the data protection officer hear of what is addressed to them alone."""
    case_id = world.open_case()
    with atomic(world.responder.scope):
        case = cases.find_case(world.responder, case_id)
        for role in ("declarant", "provider", "dpo"):
            email = f"{role}@example.org"
            cases.add_person(world.responder, case, role=role, name=role, email=email)
        cases.write(world.responder, case, body="Bonjour")
    with later(minutes=11):
        delivery.drain()
    assert [given["to"] for _key, given in server.sent] == [["declarant@example.org"]]
    server.sent.clear()
    with later(minutes=30):
        with atomic(world.responder.scope):
            case = cases.find_case(world.responder, case_id)
            cases.write(world.responder, case, body="Coupez le VPN.", shared_with=["provider"])
        with later(minutes=11):
            delivery.drain()
    told = sorted(given["to"][0] for _key, given in server.sent)
    assert told == ["declarant@example.org", "provider@example.org"]


def test_notes_of_the_desk_tell_nobody(server, world):
    case_id = world.open_case()
    with atomic(world.responder.scope):
        case = cases.find_case(world.responder, case_id)
        cases.add_person(
            world.responder, case, role="declarant", name="Nora", email="nora@example.org"
        )
        cases.add_note(world.responder, case, body="à surveiller")
        assert telling.people_of(case)
        assert session().scalars(select(Letter)).all() == []


def cnil(_case, known, _met):
    title = {"fr": "Notifier", "en": "Notify"}
    yield due.Due("GDPR33", title, known, known + timedelta(hours=72))


def test_a_deadline_that_passed_is_told_to_the_owner_and_the_commune(server, world, monkeypatch):
    monkeypatch.setitem(due._by_strand, "cyber", cnil)
    case_id = world.open_case()
    with atomic(world.responder.scope):
        case = cases.find_case(world.responder, case_id)
        cases.take(world.responder, case)
        cases.add_person(world.responder, case, role="dpo", name="Nora", email="dpo@example.org")
        clocks.record_awareness(world.responder, case, at=clock.now())
    with later(hours=73):
        assert sweeps.mark_breached() == 1
    with later(hours=74):
        delivery.drain()
    told = {given["to"][0]: given["subject"] for _key, given in server.sent}
    assert len(told) == 2
    assert "dpo@example.org" in told

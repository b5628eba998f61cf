"""Declaring through a program: what a SOC or an outsourcer sends on behalf of a commune."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import func, select

from cyberdesk.core import clock
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case, CaseEvent
from cyberdesk.desk.clocks.models import Awareness
from cyberdesk.desk.declarations.models import Declaration
from tests.factories import make_organisation, make_person
from tests.factories.machines import make_machine

ANSWERS = {
    "sees": ["ransom_note", "nothing_opens"],
    "callback_phone": "0612345678",
    "callback_name": "Nadia Prévost",
    "ransom_theft": "yes",
    "machines": "all",
    "services": ["civil_status", "payroll"],
    "since": {"said": "last_night"},
    "known_since": "2026-11-27T08:30:00+01:00",
    "it_support": ["provider"],
    "words": "Détecté par notre EDR.",
}
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def body(**changed):
    return {"organisation": {"insee": "83901"}, "answers": ANSWERS} | changed


def count(model):
    with atomic(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(model))


def only(model):
    with atomic(SYSTEM) as session:
        return session.scalars(select(model)).one()


@pytest.fixture
def commune(app):
    return make_organisation("Saint-Exemple", code="83901")


@pytest.fixture
def soc(app, commune):
    """A partner's program: a member of an organisation of its own."""
    partner = make_organisation("SOC-Modèle", kind="other")
    return make_machine(app, make_person("member", name="Sacha Sonde", organisation=partner))


def test_one_request_opens_a_case_that_is_worked_on(soc):
    with clock.using(clock.still(NOW)):
        made = soc.post("/declarations", body(their_reference="SOC-1187"))
    assert made.status_code == 201, made.text
    told = made.json
    assert told["state"] == "sent"
    assert told["organisation"]["name"] == "Saint-Exemple"
    assert told["case"]["subject"] == "ransomware"
    assert told["case"]["level"] >= 3
    assert told["case"]["call_by"]
    assert [one["name"] for one in told["advice"]][:2] == ["unplug", "keep_on"]
    assert told["calls"][0]["number"]
    assert len(told["code"]) == 10
    assert only(Awareness).at == datetime(2026, 11, 27, 7, 30, tzinfo=UTC)
    declaration = only(Declaration)
    assert declaration.doubts == []
    assert declaration.answers["callback_phone"] == "06 12 34 56 78"


def test_the_way_back_is_the_organisations(soc, another):
    told = soc.post("/declarations", body()).json
    entered = another.get(told["link"].replace("http://localhost", ""))
    assert entered.location == "/declarer/suite"
    assert another.get("/mon-dossier").location == f"/mon-dossier/{told['reference']}"
    by_code = another.post("/reprendre", {"reference": told["reference"], "code": told["code"]})
    assert by_code.status_code == 303


def test_the_desk_sees_that_a_program_declared_and_how_it_calls_it(soc):
    soc.post("/declarations", body(their_reference="SOC-1187"))
    with atomic(SYSTEM) as session:
        told = select(CaseEvent).where(CaseEvent.kind == "case:declared-by-program")
        line = session.scalars(told).one()
        assert (line.words, line.actor_name) == ("SOC-1187", "Pont SIEM (Sacha Sonde)")


def test_it_is_followed_by_whoever_declared_it(app, soc):
    reference = soc.post("/declarations", body()).json["reference"]
    desk = make_machine(app, make_person("responder", name="Camille Roux"))
    before = soc.get(f"/declarations/{reference}").json
    assert before["case"]["taken_at"] is None
    assert "code" not in before
    desk.post(f"/cases/{reference}/take")
    assert soc.get(f"/declarations/{reference}").json["case"]["taken_at"]
    assert soc.get(f"/cases/{reference}").status_code == 404
    assert desk.get(f"/declarations/{reference}").status_code == 200


def test_nobody_else_follows_it(app, soc, commune):
    reference = soc.post("/declarations", body()).json["reference"]
    stranger = make_machine(app, make_person("member"))
    theirs, none = (stranger.get(f"/declarations/{one}") for one in (reference, "CD-000-000"))
    assert (theirs.status_code, theirs.json) == (none.status_code, none.json) == (404, none.json)
    assert stranger.get("/declarations").json["data"] == []
    own = make_machine(app, make_person("manager", organisation=commune))
    assert own.get(f"/declarations/{reference}").status_code == 200


def test_many_are_listed_newest_first(app, soc):
    made = [soc.post("/declarations", body()).json["reference"] for _ in range(3)]
    assert [one["reference"] for one in soc.all("/declarations?limit=2")] == made[::-1]


def test_the_same_key_declares_once_even_at_once(soc):
    key = {"Idempotency-Key": str(uuid4())}

    def send(_):
        return soc.post("/declarations", body(), **key)

    with ThreadPoolExecutor(3) as pool:
        answers = [*pool.map(send, range(3)), send(0)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["code"] for answer in answers}) == 1
    assert count(Declaration) == count(Case) == 1


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "answers.callback_phone"),
        ({"nothing": "x"}, "answers.nothing"),
        ({"sees": "ransom_note"}, "answers.sees"),
        ({"sees": ["dragons"]}, "answers.sees"),
        ({"sees": ["unknown", "website"]}, "answers.sees"),
        ({"sees": [1]}, "answers.sees"),
        ({"machines": ["all"]}, "answers.machines"),
        ({"callback_phone": "call me"}, "answers.callback_phone"),
        ({"callback_phone": 612345678}, "answers.callback_phone"),
        ({"callback_name": "x" * 100_000}, "answers.callback_name"),
        ({"since": "yesterday"}, "answers.since"),
        ({"since": "2026-11-27T08:30:00"}, "answers.since"),
        ({"since": "0001-01-01T00:00:00+14:00"}, "answers.since"),
        ({"since": "2999-01-01T00:00:00Z"}, "answers.since"),
        ({"since": {"said": "once"}}, "answers.since"),
        ({"since": {"date": "31/12/2026"}}, "answers.since"),
        ({"since": {"date": "2026-11-01", "time": "25:00"}}, "answers.since"),
        ({"since": {"when": "x"}}, "answers.since"),
        ({"site_what": ["down"]}, "answers.site_what"),  # not asked: no website is concerned
    ],
)
def test_what_is_wrong_is_told_by_question_and_nothing_is_kept(soc, answers, field):
    given = ANSWERS | answers if answers else {"sees": ["ransom_note"]}
    refused = soc.post("/declarations", body(answers=given))
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == [field]
    assert count(Declaration) == 0


@pytest.mark.parametrize(
    ("organisation", "field"),
    [
        ({}, "organisation"),
        ({"insee": "83901", "name": "x"}, "organisation"),
        ({"insee": "00000"}, "organisation.insee"),
        ({"siren": "000000000"}, "organisation.siren"),
        ({"id": str(uuid4())}, "organisation.id"),
        ({"id": "x"}, "organisation.id"),
        ({"name": "x" * 151}, "organisation.name"),
        ({"name": "\u200b"}, "organisation.name"),
        ({"code": "83901"}, "organisation.code"),
    ],
)
def test_an_organisation_that_cannot_be_is_refused(soc, organisation, field):
    refused = soc.post("/declarations", body(organisation=organisation))
    assert refused.status_code == 422
    assert field in refused.json["errors"]


def test_who_is_not_in_the_directory_is_welcome(soc):
    told = soc.post("/declarations", body(organisation={"name": "Syndicat des eaux"})).json
    assert told["organisation"] == {"id": None, "name": "Syndicat des eaux", "listed": False}
    assert told["case"]["title"]


def test_a_name_that_is_one_commune_is_that_commune(soc, commune):
    told = soc.post("/declarations", body(organisation={"name": "saint-exemple"})).json
    assert told["organisation"]["id"] == str(commune.id)


def test_nothing_known_is_enough(soc):
    least = {"sees": None, "callback_phone": None}
    made = soc.post("/declarations", body(answers=least))
    assert made.status_code == 201, made.text


def test_invisible_signs_are_taken_out_and_said(soc):
    hostile = ANSWERS | {"words": "vire\u200bment \u202e<svg onload=x>"}
    told = soc.post("/declarations", body(answers=hostile)).json
    assert told["hidden_characters"] == 2
    assert only(Declaration).answers["words"] == "virement <svg onload=x>"
    assert only(Declaration).doubts == ["hidden-characters"]


def test_a_rehearsal_stands_apart(app, soc):
    reference = soc.post("/declarations", body(exercise=True)).json["reference"]
    desk = make_machine(app, make_person("responder"))
    assert desk.get("/cases").json["data"] == []
    assert desk.get("/cases?exercise=true").json["data"][0]["reference"] == reference


def test_the_hour_that_comes_twice_is_read_as_the_earlier(soc):
    """The night of 25 October 2026: half past two comes twice, and the law's clocks must not gain."""
    twice = ANSWERS | {"known_since": "2026-10-25T02:30:00+01:00"}
    soc.post("/declarations", body(answers=twice))
    assert only(Awareness).at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_checking_keeps_nothing_and_says_what_is_next(soc):
    checked = soc.post("/questionnaires/cyber/check", {"answers": {"sees": ["website"]}}).json
    assert checked["missing"] == ["callback_phone"]
    assert "site_what" in checked["asked"]
    assert "ransom_theft" not in checked["asked"]
    assert checked["advice"][0]["name"] in {"call_host", "photo"}
    assert count(Declaration) == 0


def test_the_questionnaire_is_told_with_a_schema_that_holds(soc):
    told = soc.get("/questionnaires/cyber").json
    first = told["screens"][0]["questions"][0]
    assert (first["name"], first["kind"], first["required"]) == ("sees", "multi", True)
    assert {"value": "ransom_note"}.items() <= first["choices"][0].items()
    Draft202012Validator.check_schema(told["answers_schema"])
    valid = Draft202012Validator(told["answers_schema"])
    assert list(valid.iter_errors(ANSWERS)) == []
    assert not valid.is_valid(ANSWERS | {"sees": ["dragons"]})
    assert not valid.is_valid({"sees": ["website"]})
    assert soc.get("/questionnaires/nothing").status_code == 404


def test_a_scope_is_needed(app):
    narrow = make_machine(app, make_person("responder"), {"case:read"})
    assert narrow.post("/declarations", body()).status_code == 403
    assert narrow.get("/questionnaires/cyber").status_code == 403

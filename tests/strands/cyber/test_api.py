"""Facts of a case as a program meets them."""

import pytest

from cyberdesk.core.access import system
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from tests.factories.declarations import make_declaration
from tests.factories.machines import make_machine
from tests.factories.people import make_membership, make_organisation, make_person
from tests.factories.playbooks import publish_some

WHY = "La DGS, au téléphone."
SCOPES = {"case:read", "triage:read", "fact:correct"}


@pytest.fixture
def commune(app):
    publish_some("ransomware")
    return make_organisation("Saint-Exemple", code="83901")


@pytest.fixture
def here(commune):
    _begun, case_id = make_declaration(commune)
    with atomic(SYSTEM):
        case = cases.find_case(system("test"), case_id)
        return f"/cases/{case.reference}/cyber/facts"


@pytest.fixture
def responder(app):
    return make_person("responder", name="Ada Desk")


@pytest.fixture
def machine(app, responder):
    """A program with no more than what the act asks for."""
    return make_machine(app, responder, SCOPES)


def test_facts_are_told_with_who_says_so(machine, here):
    found = {one["name"]: one for one in machine.get(here).json["data"]}
    insured = found["insured"]
    assert (insured["holds"], insured["told"], insured["correction"]) == ("yes", "yes", None)
    assert insured["told_by"] == {"fr": "La déclaration", "en": "The declaration"}
    assert insured["answers"] == ["yes", "no", "unknown"]
    assert found["nis2_category"]["answers"] == ["essential", "important", "none", "unknown"]
    assert "nis2_law" not in found


def test_one_is_corrected_and_all_that_hangs_on_it_follows(app, machine, responder, here):
    done = machine.post(f"{here}/insured", {"said": "no", "reason": WHY, "seen": "yes"})
    assert (done.status_code, done.json["holds"], done.json["told"]) == (200, "no", "yes")
    assert done.json["answers"][-1] == "told"
    [once] = done.json["history"]
    assert (once["before"], once["said"], once["by"]) == ("yes", "no", "Pont SIEM (Ada Desk)")
    assert (once["reason"], done.json["correction"]) == (WHY, once)
    assert machine.get(f"{here}/insured").json == done.json
    whole = make_machine(app, responder)
    clocks = whole.get(here.replace("/cyber/facts", "/clocks")).json["data"]
    assert {one["name"]: one["state"] for one in clocks}["LOPMI"] == "excluded"
    back = machine.post(f"{here}/insured", {"said": "told", "reason": "Autre contrat."})
    assert (back.json["holds"], back.json["correction"]) == ("yes", None)
    assert [one["said"] for one in back.json["history"]] == ["told", "no"]


def test_the_severity_is_that_of_the_corrected_facts(app, machine, responder, here):
    whole, case = make_machine(app, responder), here.removesuffix("/cyber/facts")
    before = whole.get(case).json["severity"]
    done = machine.post(f"{here}/elections_at_stake", {"said": "yes", "reason": WHY})
    assert done.status_code == 200
    assert whole.get(case).json["severity"] > before


def test_a_key_makes_it_once(machine, here):
    body, key = {"said": "no", "reason": WHY}, "soc-2026-1187-insured"
    first = machine.post(f"{here}/insured", body, Idempotency_Key=key)
    again = machine.post(f"{here}/insured", body, Idempotency_Key=key)
    assert (again.status_code, again.json) == (200, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert machine.post(f"{here}/insured", body).status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"reason": WHY}, "said"),
        ({"said": "perhaps", "reason": WHY}, "said"),
        ({"said": "no", "reason": " "}, "reason"),
        ({"said": "no", "reason": "a" * 2001}, "reason"),
        ({"said": "no", "reason": WHY, "at": "now"}, "at"),
        ({"said": True, "reason": WHY}, "said"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(machine, here, body, field):
    refused = machine.post(f"{here}/insured", body)
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])
    assert refused.content_type == "application/problem+json"
    assert machine.get(f"{here}/insured").json["history"] == []


def test_what_was_corrected_meanwhile_is_a_conflict(machine, here):
    body = {"said": "no", "reason": WHY, "seen": "unknown"}
    refused = machine.post(f"{here}/insured", body)
    assert (refused.status_code, bool(refused.json["hint"])) == (409, True)


@pytest.mark.parametrize("fact", ["weather", "nis2_law"])
def test_no_other_fact_is_one_of_the_case(machine, here, fact):
    assert machine.get(f"{here}/{fact}").status_code == 404
    assert machine.post(f"{here}/{fact}", {"said": "no", "reason": WHY}).status_code == 404


@pytest.mark.parametrize("missing", sorted(SCOPES - {"case:read"}))
def test_each_scope_is_asked_for(app, responder, here, missing):
    narrow = make_machine(app, responder, SCOPES - {missing})
    refused = narrow.post(f"{here}/insured", {"said": "no", "reason": WHY})
    assert (refused.status_code, missing in str(refused.json)) == (403, True)


def test_those_of_the_commune_neither_read_nor_correct(app, commune, here):
    person = make_person("responder")
    make_membership(person, "manager", organisation=commune)
    member = make_person("manager", organisation=commune)
    assert make_machine(app, member).get(here).status_code == 403
    stranger = make_machine(app, make_person("lead", strand="campus"))
    assert stranger.get(here).status_code == 404

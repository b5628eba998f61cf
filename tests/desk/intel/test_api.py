"""Observables as a program meets them."""

import json
from uuid import uuid4

import pytest
import stix2
from sqlalchemy import select

from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.intel.models import StixObject
from tests.desk.intel.conftest import add
from tests.desk.intel.test_export import exercise, full, wrong_with  # noqa: F401
from tests.factories.machines import make_machine

VALUES = {"values": [{"value": "hxxps://bad[.]example/a"}, {"value": "maj", "sort": "mutex"}]}


@pytest.fixture
def machine_of(app, world):
    return lambda who="responder", scopes=None: make_machine(app, world.people[who], scopes)


@pytest.fixture
def address(case_id):
    return address_of(case_id)


def address_of(case_id):
    with atomic(SYSTEM) as s:
        return f"/cases/{s.get_one(Case, case_id).reference}"


def count():
    with atomic(SYSTEM):
        return len(session().scalars(select(StixObject.id)).all())


def test_values_are_added_and_listed(machine_of, address):
    machine = machine_of()
    added = machine.post(f"{address}/observables", VALUES | {"tlp": "green", "note": "SIEM"})
    assert added.status_code == 201
    first, second = added.json["added"]
    assert (first["sort"], first["value"], first["defanged"]) == (
        "url", "https://bad.example/a", "hxxps://bad[.]example/a",
    )  # fmt: skip
    assert (second["sort"], second["tlp"], second["note"], second["source"]) == (
        "mutex", "green", "SIEM", "machine",
    )  # fmt: skip
    assert stix2.parse(first["stix"][0]).value == "https://bad.example/a"
    assert [one["id"] for one in machine.all(f"{address}/observables")] == [
        first["id"], second["id"],
    ]  # fmt: skip
    only = machine.get(f"{address}/observables?sort=url").json["data"]
    assert [one["id"] for one in only] == [first["id"]]


def test_what_is_there_already_is_told_and_left(machine_of, address):
    machine = machine_of()
    machine.post(f"{address}/observables", VALUES)
    again = machine.post(f"{address}/observables", VALUES | {"note": "autre"})
    assert again.json["added"] == []
    assert [one["note"] for one in again.json["known"]] == ["", ""]


def test_pages_end_where_the_list_ends(machine_of, address, world, case_id):
    add(world.responder, case_id, "\n".join(f"a{n}.fr" for n in range(23)))
    found = machine_of().all(f"{address}/observables?limit=5")
    assert [one["value"] for one in found] == [f"a{n}.fr" for n in range(23)]


def test_a_request_sent_twice_is_done_once(machine_of, address):
    machine, key = machine_of(), str(uuid4())
    first = machine.post(f"{address}/observables", VALUES, Idempotency_Key=key)
    again = machine.post(f"{address}/observables", VALUES, Idempotency_Key=key)
    assert first.json == again.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(first.json["added"]) == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "values"),
        ({"values": []}, "values"),
        ({"values": [{"value": "un.fr", "kind": "x"}]}, "values.0.kind"),
        ({"values": [{"value": "on ne sait pas"}]}, "values.0.value"),
        ({"values": [{"value": "a.fr"}, {"value": "un.fr, deux.fr"}]}, "values.1.value"),
        ({"values": [{"value": "un.fr", "sort": "ipv4"}]}, "values.0.value"),
        ({"values": [{"value": "un.fr", "sort": "rumour"}]}, "values.0.sort"),
        ({"values": [{"value": "x" * 5000}]}, "values.0.value"),
        ({"values": [{"value": f"a{n}.fr"} for n in range(501)]}, "values"),
        ({"values": [{"value": "un.fr"}], "tlp": "white"}, "tlp"),
        ({"values": [{"value": "un.fr"}], "seen_at": "2026-01-01T00:00:00"}, "seen_at"),
        ({"values": [{"value": "un.fr"}], "seen_at": "2999-01-01T00:00:00Z"}, "seen_at"),
        ({"values": [{"value": "un.fr"}], "note": "x" * 2001}, "note"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(machine_of, address, body, field):
    refused = machine_of().post(f"{address}/observables", body)
    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    assert field in refused.json["errors"]
    assert count() == 0


def test_one_is_changed_withdrawn_and_restored(machine_of, address):
    machine = machine_of()
    one = machine.post(f"{address}/observables", VALUES).json["added"][0]
    at = f"/observables/{one['id']}"
    read = machine.get(at)
    changed = machine.client.patch(
        f"/api/v1{at}",
        json={"tlp": "clear"},
        headers=machine._headers({"If-Match": read.headers["ETag"]}),
    )
    assert (changed.status_code, changed.json["tlp"]) == (200, "clear")
    stale = machine.client.patch(
        f"/api/v1{at}",
        json={"note": "x"},
        headers=machine._headers({"If-Match": read.headers["ETag"]}),
    )
    assert stale.status_code == 412
    assert machine.post(f"{at}/withdraw", {"reason": " "}).status_code == 422
    gone = machine.post(f"{at}/withdraw", {"reason": "à nous"})
    assert (gone.status_code, gone.json["withdrawn_why"]) == (200, "à nous")
    assert machine.post(f"{at}/withdraw", {"reason": "encore"}).status_code == 409
    listed = machine.get(f"{address}/observables?withdrawn=true").json["data"]
    assert [row["id"] for row in listed] == [one["id"]]
    assert machine.post(f"{at}/restore").json["withdrawn_at"] is None


def test_an_indicator_is_made_once(machine_of, address):
    machine = machine_of()
    one = machine.post(f"{address}/observables", VALUES).json["added"][0]
    made = machine.post(f"/observables/{one['id']}/indicator")
    assert made.status_code == 201
    assert made.json["pattern"] == "[url:value = 'https://bad.example/a']"
    assert stix2.parse(made.json["stix"]).pattern == made.json["pattern"]
    assert machine.post(f"/observables/{one['id']}/indicator").status_code == 409
    assert machine.get(f"/observables/{one['id']}").json["indicator"] == made.json["id"]
    assert machine.get(f"/observables/{made.json['id']}").status_code == 404


@pytest.mark.parametrize("tlp", ["clear", "green", "amber", "amber%2Bstrict", "red"])
def test_the_bundle_is_valid_to_strict_eyes_and_to_the_library(machine_of, full, tlp):  # noqa: F811
    answer = machine_of().get(f"{address_of(full)}/bundle?tlp={tlp}")
    assert answer.status_code == 200
    assert answer.content_type == "application/stix+json;version=2.1"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.get_data(as_text=True)
    assert wrong_with(text) == []
    parsed = stix2.parse(text, allow_custom=True)
    assert len(parsed.objects) == len(json.loads(text)["objects"])
    with atomic(SYSTEM):
        exports = select(AuditEntry).where(AuditEntry.action == "observable:export")
        assert len(session().scalars(exports).all()) == 1


def test_an_exercise_never_leaves(machine_of, exercise):  # noqa: F811
    machine, at = machine_of(), address_of(exercise)
    assert machine.get(f"{at}/bundle?tlp=green&exercise=true").status_code == 403
    assert machine.get(f"{at}/bundle?tlp=red").status_code == 422
    assert machine.get(f"{at}/bundle?tlp=red&exercise=true").status_code == 200


@pytest.mark.parametrize("query", ["", "?tlp=white", "?tlp=green&all=1"])
def test_a_bundle_is_for_somebody(machine_of, address, query):
    assert machine_of().get(f"{address}/bundle{query}").status_code == 422


@pytest.mark.parametrize(("who", "status"), [("southerner", 403), ("member", 403),
                                             ("stranger", 404)])  # fmt: skip
def test_another_tenant_learns_nothing(machine_of, world, case_id, who, status):
    address, ids = address_of(case_id), add(world.responder, case_id, "bad.fr")
    machine, one = machine_of(who), f"/observables/{ids['bad.fr']}"
    for there in (f"{address}/observables", f"{address}/bundle?tlp=clear", one):
        assert machine.get(there).status_code == status
    assert machine.post(f"{address}/observables", VALUES).status_code == status
    assert machine.post(f"{one}/withdraw", {"reason": "x"}).status_code == status
    absent = machine.get(f"/observables/{uuid4()}")
    assert absent.json == machine.get(one).json
    assert count() == 1


def test_a_token_does_no_more_than_its_scopes(machine_of, address):
    reads = machine_of(scopes={"case:read", "observable:read"})
    assert reads.get(f"{address}/observables").status_code == 200
    assert reads.post(f"{address}/observables", VALUES).status_code == 403
    assert reads.get(f"{address}/bundle?tlp=clear").status_code == 403


def test_signs_without_ink_arrive_as_they_are_and_are_shown(machine_of, address):
    body = {"values": [{"value": "facture\u202efdp.exe", "sort": "file"}]}
    one = machine_of().post(f"{address}/observables", body).json["added"][0]
    assert one["value"] == "facture\u202efdp.exe"
    assert one["defanged"] == "facture⟨U+202E⟩fdp.exe"

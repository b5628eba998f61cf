"""The library as a program meets it: read, checked, brought in, published, started on a case."""

import json

import pytest

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.playbooks import service, versions
from cyberdesk.desk.playbooks.canonical import content_hash
from cyberdesk.desk.playbooks.language.nodes import LARGEST
from tests.desk.cases.conftest import HOUSE
from tests.desk.playbooks.test_asking import ASKS, STEPS, foreign
from tests.desk.playbooks.written import playbook
from tests.factories.machines import make_machine

SOURCE = playbook(STEPS, name="trial", more=ASKS)
BY_HAND = foreign(ip={"type": "ipv4-addr", "value": "192.0.2.66"})


@pytest.fixture
def machine_of(app, world):
    return lambda who, scopes=None: make_machine(app, world.people[who], scopes)


@pytest.fixture
def version(bench):
    with atomic(SYSTEM):
        return versions.publish(HOUSE, source=SOURCE)


@pytest.fixture
def reference(bench):
    with atomic(SYSTEM):
        return bench.case().reference


def test_the_library_is_listed_and_each_says_what_it_asks(machine_of, version) -> None:
    machine = machine_of("responder")
    (one,) = machine.get("/playbooks").json["data"]
    assert (one["name"], one["version"]) == ("trial", version.hash)
    whole = machine.get("/playbooks/trial").json
    assert [ask["name"] for ask in whole["asks"]] == ["service", "hosts", "urgent", "how"]
    assert whole["asks"][3]["choices"]["well"] == {"fr": "Bien", "en": "Well"}
    assert [held["version"] for held in whole["versions"]] == [version.hash]
    assert machine.get("/playbooks/none").status_code == 404


def test_a_version_is_exported_canonically_equal(machine_of, version) -> None:
    came = machine_of("responder").get(f"/playbooks/trial/{version.hash}/cacao").json
    assert len(came.pop("signatures")) == 1
    assert content_hash(came) == version.hash


def test_a_text_is_checked_and_nothing_is_kept(machine_of, bench) -> None:
    machine = machine_of("responder")
    assert machine.post("/playbooks/check", {"text": SOURCE}).json == {"good": True, "findings": []}
    faulty = machine.post("/playbooks/check", {"text": SOURCE.replace("who:", "whom:")}).json
    assert faulty["good"] is False
    line = SOURCE.splitlines().index(
        '  a: {task: {fr: "Vérifier {service}", en: "Check {service}"}, who: responder}'
    )
    first = next(one for one in faulty["findings"] if one["code"] == "unknown-key")
    assert (first["line"], first["severity"]) == (line + 1, "error")
    assert first["what"]["fr"] != first["what"]["en"]
    with atomic(SYSTEM):
        assert versions.every_current() == []


def test_a_playbook_of_elsewhere_is_brought_in_published_and_started(
    machine_of, bench, reference
) -> None:
    machine = machine_of("lead")
    draft = machine.post("/playbook-drafts", {"text": json.dumps(BY_HAND)}).json
    assert (draft["origin"], draft["faults"]) == ("imported", 0)
    assert json.loads(machine.get(f"/playbook-drafts/{draft['id']}").json["text"]) == BY_HAND
    published = machine.post(f"/playbook-drafts/{draft['id']}/publish")
    assert published.status_code == 201
    assert published.json["version"] == content_hash(BY_HAND)
    assert machine.post(f"/playbook-drafts/{draft['id']}/publish").status_code == 404
    run = machine.post(f"/cases/{reference}/runs", {"playbook": draft["name"]})
    assert (run.status_code, run.json["version"]) == (201, content_hash(BY_HAND))


def test_what_stands_in_the_way_of_publishing_is_said(machine_of, bench) -> None:
    machine = machine_of("lead")
    draft = machine.post("/playbook-drafts", {"text": playbook("a: {do: no.such}")}).json
    refused = machine.post(f"/playbook-drafts/{draft['id']}/publish")
    assert refused.status_code == 422
    assert "unknown-action" in json.dumps(refused.json["errors"])


def test_a_playbook_is_started_with_what_it_asks(machine_of, bench, version, reference) -> None:
    machine = machine_of("responder")
    given = {"service": "Paie", "hosts": 12, "urgent": True}
    body = {"playbook": "trial", "given": given, "reason": "Notre sonde l’a vu."}
    run = machine.post(f"/cases/{reference}/runs", body)
    assert run.status_code == 201
    held = bench.state(run.json["id"])["contexts"][""]["vars"]
    assert {name: held[name] for name in given} == given
    wrong = machine.post(f"/cases/{reference}/runs", body | {"given": {"hosts": "douze"}})
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["hosts"])
    unknown = machine.post(f"/cases/{reference}/runs", {"playbook": "none"})
    assert unknown.status_code == 404
    with atomic(SYSTEM):
        assert len(service.runs_of(bench.case())) == 1


def test_the_same_start_sent_twice_is_one_run(machine_of, bench, version, reference) -> None:
    machine, body = machine_of("responder"), {"playbook": "trial"}
    key = "01975e6e-5f6a-7c1e-9c1f-1d2f3a4b5c6d"
    first = machine.post(f"/cases/{reference}/runs", body, Idempotency_Key=key)
    again = machine.post(f"/cases/{reference}/runs", body, Idempotency_Key=key)
    assert first.json["id"] == again.json["id"]
    with atomic(SYSTEM):
        assert len(service.runs_of(bench.case())) == 1


@pytest.mark.parametrize("who", ["member", "southerner", "stranger"])
def test_nobody_else_starts_or_writes(machine_of, version, reference, who) -> None:
    machine = machine_of(who)
    started = machine.post(f"/cases/{reference}/runs", {"playbook": "trial"})
    assert started.status_code in {403, 404}


def test_a_responder_publishes_nothing_and_a_token_does_no_more_than_it_says(
    machine_of, bench, version, reference
) -> None:
    draft = machine_of("responder").post("/playbook-drafts", {"text": SOURCE}).json
    published = machine_of("responder").post(f"/playbook-drafts/{draft['id']}/publish")
    assert published.status_code == 403
    reader = machine_of("lead", {"playbook:read", "case:read", "run:read"})
    assert reader.get("/playbooks").status_code == 200
    assert reader.post("/playbooks/check", {"text": SOURCE}).status_code == 403
    assert reader.post(f"/cases/{reference}/runs", {"playbook": "trial"}).status_code == 403


def test_a_large_text_comes_in_and_a_larger_one_is_refused(machine_of, bench) -> None:
    machine = machine_of("responder")
    large = SOURCE + "# " + "é" * 400_000
    assert machine.post("/playbooks/check", {"text": large}).json["good"] is True
    assert machine.post("/playbooks/check", {"text": "x" * (LARGEST + 1)}).status_code == 422
    assert machine.post("/playbooks/check", {"text": "x" * 4_000_000}).status_code == 413

"""The journal for auditors: they read and verify all of it, and see the content of nothing."""

import json
from uuid import uuid4

import pytest

from cyberdesk.core.access.actor import Actor, ActorKind
from cyberdesk.core.audit import record
from cyberdesk.core.audit.exported import check_export
from cyberdesk.core.audit.proof import check_proof
from cyberdesk.core.audit.sequencer import integrate_all
from cyberdesk.core.audit.service import PAGE
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from tests.factories import make_person, sign_in

HERE = "/administration/journal"
SECRET = "the words of a victim"
LINK = Actor(ActorKind.LINK, uuid4(), "Jeanne, mairie de Valfleur")


@pytest.fixture
def written(app, journal):
    """An open payload, a sealed one, and an act by a private link; signed."""
    journal.write(2, open=SECRET)
    with atomic(SYSTEM):
        record(LINK, "case:message", None, {"said": SECRET})
    integrate_all()
    journal.sign()
    return journal


@pytest.fixture
def auditor(client, written):
    return sign_in(client, make_person("auditor", name="Aude Iteur"))


def test_an_auditor_reads_it_by_its_headers(auditor):
    page = auditor.get(HERE).text
    assert "case:note" in page
    assert "Message écrit <small><code>case:message</code></small>" in page
    assert "Un lien privé" in page
    for hidden in (SECRET, "Jeanne", "Valfleur"):
        assert hidden not in page


def test_what_an_entry_is_about_is_said_in_words(client, journal):
    """A table that no room speaks of any more keeps its code."""
    person = make_person("auditor", name="Aude Iteur")
    with atomic(SYSTEM):
        record(LINK, "account:change", person)
        record(LINK, "old:act", type("Gone", (), {"__tablename__": "gone"})())
    integrate_all()
    journal.sign()
    page = sign_in(client, person).get(HERE).text
    assert f'<span>Personne <a href="{HERE}?id={person.id}">' in page
    assert "<span>gone</span>" in page
    assert "Personne <small><code>people</code></small>" in client.get(f"{HERE}/0").text


def test_the_export_verifies_with_the_public_key_alone_and_says_nothing(auditor, written):
    answer = auditor.get(f"{HERE}/export.jsonl")
    assert "attachment" in answer.headers["Content-Disposition"]
    verdict = check_export(iter(answer.text.splitlines(keepends=True)), [written.signer.verifier])
    assert verdict.signed == 3
    assert SECRET not in answer.text
    assert "stored" not in answer.text
    assert "Jeanne" not in answer.text
    integrate_all()
    assert "journal:export" in auditor.get(HERE).text


def test_one_entry_is_proved_and_says_nothing(auditor, written):
    page = auditor.get(f"{HERE}/0")
    assert page.status_code == 200
    proof = json.loads(auditor.get(f"{HERE}/0/preuve.json").text)
    proved = check_proof(proof, [written.signer.verifier])
    assert (proved.seq, proved.header["action"], proved.payload) == (0, "case:note", None)
    assert "stored" not in proof


@pytest.mark.parametrize("seq", [3, 99, 2**62, 2**63, 2**80])
def test_an_entry_that_is_not_signed_has_no_page(auditor, seq):
    assert auditor.get(f"{HERE}/{seq}").status_code == 404


def test_it_is_verified_when_asked(auditor, written):
    answer = auditor.submit(f"{HERE}/verification", follow_redirects=True)
    assert "Le journal est intact" in answer.text
    assert "Aude Iteur" in answer.text
    written.tamper("UPDATE audit_entries SET action = 'case:other' WHERE action = 'case:message'")
    answer = auditor.submit(f"{HERE}/verification", follow_redirects=True)
    assert "n’est pas ce qui a été signé" in answer.text
    assert "entry 2" in answer.text


def test_before_the_first_signature_it_is_said_so(app, client, journal):
    auditor = sign_in(client, make_person("auditor"))
    assert auditor.get(HERE).status_code == 200
    assert auditor.submit(f"{HERE}/verification").status_code == 409


def test_pages_and_filters(auditor, written):
    written.write(PAGE)
    first = auditor.get(HERE).text
    assert f"before={3 + PAGE - PAGE}" in first
    assert "case:message" not in first
    assert "case:message" in auditor.get(f"{HERE}?before=3").text
    assert "case:note" not in auditor.get(f"{HERE}?action=case:mess").text
    assert "case:note" not in auditor.get(f"{HERE}?kind=link").text
    assert "Aucune entrée" in auditor.get(f"{HERE}?action=%25").text


def test_all_that_one_did_and_all_about_one_case_is_found_by_its_id(auditor, written):
    from tests.core.audit.conftest import LEA

    case = written.case()
    written.write(1, subject=case)
    others = f"{HERE}?action=case:"
    assert auditor.get(others).text.count("case:note") == 3
    assert auditor.get(f"{HERE}?id={case.case_id}").text.count("case:note") == 1
    assert auditor.get(f"{HERE}?id={LEA.id}").text.count("case:note") == 3
    assert "case:message" not in auditor.get(f"{HERE}?id={LEA.id}").text
    assert "Aucune entrée" in auditor.get(f"{HERE}?id={uuid4()}").text
    assert f"?id={LEA.id}" in auditor.get(f"{HERE}/0").text


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=-1",
        "before=9999999999999999999",
        "kind=god",
        "other=1",
        "id=7",
        "id=%00",
    ],
)
def test_what_cannot_be_asked_is_refused(auditor, query):
    assert auditor.get(f"{HERE}?{query}").status_code == 422


def test_an_administrator_learns_whether_it_is_whole_and_reads_none_of_it(client, written):
    admin = sign_in(client, make_person("admin"))
    page = admin.get(HERE)
    assert page.status_code == 200
    assert "case:note" not in page.text
    assert admin.submit(f"{HERE}/verification").status_code == 303
    for address in ("/0", "/0/preuve.json", "/export.jsonl"):
        assert admin.get(HERE + address).status_code == 403


@pytest.mark.parametrize("role", ["responder", "lead", "manager"])
def test_nobody_else_comes_in(client, written, role):
    person = sign_in(client, make_person(role))
    for address in ("", "/0", "/export.jsonl"):
        assert person.get(HERE + address).status_code == 403


def test_an_auditor_sees_no_case(auditor):
    assert auditor.get("/desk").status_code == 403
    assert auditor.get("/").status_code in {200, 302}

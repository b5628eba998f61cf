"""Values that nobody types, in forms that people use: a clear refusal, never a failure of ours."""

import pytest

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case
from tests.factories import make_person, sign_in
from tests.factories.declarations import make_declaration

NUMBERS = ("²", "9" * 5000, "-1", "1e9", "٣", "NaN", "0x10", "")
TIMES = ("0001-01-01T00:00", "9999-12-31T23:59", "2026-13-45T99:99", "0000-00-00", "x" * 9000)
TEXTS = ("\x00", "a\x00b", "\u202e\u200b\ufeff", "x" * 100_001, "\ud83d\ude00" * 10, "é" * 20_000)


@pytest.fixture
def here(app, client):
    _begun, case_id = make_declaration()
    with atomic(SYSTEM) as session:
        reference = session.get_one(Case, case_id).reference
    sign_in(client, make_person("lead"))
    return f"/desk/cases/{reference}"


def refused(client, address, fields):
    answer = client.submit(address, fields)
    assert answer.status_code < 500, (address, {k: v[:40] for k, v in fields.items()})
    return answer


@pytest.mark.parametrize("typed", NUMBERS)
def test_numbers(client, here, typed):
    refused(client, f"{here}/do/escalate", {"reason": "x", "seen": typed})
    refused(client, f"{here}/do/severity", {"reason": "x", "to": typed, "seen": ""})
    call = {"role": "it", "outcome": "reached", "minutes": typed, "seen": ""}
    refused(client, f"{here}/do/call", call)
    assert client.get("/desk?after=" + typed[:200]).status_code < 500
    assert client.get(f"/desk?level={typed[:200]}&area={typed[:200]}").status_code < 500


@pytest.mark.parametrize("typed", TIMES)
def test_times(client, here, typed):
    refused(client, f"{here}/do/chronicle", {"at": typed, "words": "x", "seen": ""})
    refused(client, f"{here}/awareness", {"at": typed, "words": ""})
    call = {"role": "it", "outcome": "reached", "at": typed, "seen": ""}
    refused(client, f"{here}/do/call", call)
    answer = client.get(f"{here}/live?since={typed[:200]}")
    assert answer.status_code < 500
    answer.close()


@pytest.mark.parametrize("typed", TEXTS)
def test_texts(client, here, typed):
    text = typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    refused(client, f"{here}/messages", {"body": text, "seen": ""})
    refused(client, f"{here}/notes", {"body": text, "seen": ""})
    refused(client, f"{here}/do/person", {"role": "it", "name": text, "seen": ""})
    refused(client, f"{here}/do/link", {"other": text, "reason": text, "seen": ""})
    refused(client, "/desk/views", {"name": text, "query": text})
    refused(client, "/compte/profil", {"name": text, "phone": text, "language": "fr"})
    assert client.get("/desk", query_string={"q": text[:3000]}).status_code < 500


@pytest.mark.parametrize("typed", ["not-an-id", "\x00", "9" * 400, "../../etc/passwd", ""])
def test_ids(client, app, typed):
    sign_in(client, make_person("admin"))
    fields = {
        "name": "N",
        "email": "n@example.org",
        "language": "fr",
        "role": "member",
        "strand": "",
        "organisation": typed,
        "organisation_text": "",
    }
    refused(client, "/administration/invitations", fields)
    answer = client.submit("/declarer", {"organisation": typed, "organisation_text": "x"})
    assert answer.status_code < 500


@pytest.mark.parametrize("tongue", ["xx", "../../x", "fr\x00", "é" * 500])
def test_a_language_that_is_none_is_passed_over(app, tongue):
    from tests.factories.declarations import begin

    client = app.test_client()
    client.set_cookie("dossier", begin().token)
    answer = client.get("/declarer/fiche.pdf", query_string={"lang": tongue})
    assert answer.status_code == 200

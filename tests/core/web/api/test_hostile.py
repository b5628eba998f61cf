"""What broken and hostile programs send to the API: a problem that says what is wrong, no failure."""

import gzip
import json

import pytest

from cyberdesk.core.access import throttle
from cyberdesk.core.web.api import pace
from tests.core.web.api.lived_in import furnish
from tests.factories import make_person
from tests.factories.machines import make_machine


@pytest.fixture
def lived_in(app):
    return furnish(app)


@pytest.fixture
def note(lived_in):
    """The address of a post that takes one text."""
    return f"/cases/{lived_in.parameters['reference']}/notes"


BODIES = {
    "a key given twice": b'{"body": "x", "body": "y"}',
    "nesting without end": b'{"body": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nesting a little too deep": b'{"body": ' + b"[" * 40 + b"]" * 40 + b"}",
    "a huge number": b'{"body": ' + b"9" * 100_000 + b"}",
    "an exponent beyond all bounds": b'{"body": 1e999999}',
    "NUL": b'{"body": "a\\u0000b"}',
    "half a pair": b'{"body": "\\ud800"}',
    "bytes that are no UTF-8": b'{"body": "\xff\xfe"}',
    "NaN": b'{"body": NaN}',
    "a comment": b'{"body": "x" /* y */}',
    "two values": b'{"body": "x"} {"body": "y"}',
    "a list": b"[]",
    "nothing": b"",
    "an unknown field": b'{"body": "x", "is_admin": true}',
    "a field that pollutes": b'{"body": "x", "__proto__": {"admin": true}}',
    "another type": b'{"body": {"$ne": null}}',
    "only spaces": b'{"body": "   "}',
    "more than fits": json.dumps({"body": "é" * 10_001}).encode(),
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_cannot_be_is_a_422_with_its_reason(lived_in, note, what):
    before = len(lived_in.machine.all(note.replace("notes", "messages")))
    refused = lived_in.machine.raw(note, BODIES[what])
    assert refused.status_code == 422, refused.text
    assert refused.mimetype == "application/problem+json"
    assert refused.json.get("errors") or "JSON" in refused.json["detail"]
    assert len(refused.data) < 2_000
    assert len(lived_in.machine.all(note.replace("notes", "messages"))) == before


def test_a_packed_body_is_not_unpacked(lived_in, note):
    bomb = gzip.compress(b'{"body": "' + b"x" * 100_000_000 + b'"}')
    assert len(bomb) < 200_000
    refused = lived_in.machine.client.post(
        f"/api/v1{note}",
        data=bomb,
        content_type="application/json",
        headers={"Authorization": f"Bearer {lived_in.token}", "Content-Encoding": "gzip"},
    )
    assert refused.status_code == 422


def test_a_quarter_of_a_megabyte_is_the_most(lived_in, note):
    assert lived_in.machine.raw(note, b" " * 300_000).status_code == 413


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data"])
def test_another_type_is_named_as_such(lived_in, note, kind):
    refused = lived_in.machine.raw(note, b'{"body": "x"}', kind)
    assert (refused.status_code, refused.json["code"]) == (415, "unsupported-media-type")
    assert "n’est pas prise ici" in refused.json["title"]


@pytest.mark.parametrize(
    "path",
    [
        "/cases/CD-000-000'--",
        "/cases/%00",
        "/cases/%F0%28%8C%28",
        "/cases/..%2f..%2fetc%2fpasswd",
        "/cases/%E2%80%AECD-000-000",
        f"/cases/{'9' * 5000}",
        "/tasks/00000000-0000-0000-0000-000000000000",
        "/tasks/not-a-uuid",
        "/nothing",
    ],
)
def test_an_address_that_means_nothing_is_one_404(lived_in, path):
    refused = lived_in.machine.get(path)
    assert (refused.status_code, refused.json["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    "query",
    ["organisation=%00", "subject=%00", "reference=%00", "cursor=%00", "limit=99999999999999999999",
     "level=1e3", "changed_since=99999-01-01T00:00:00Z", "owner=%F0%28%8C", "subject[]=x"],
)  # fmt: skip
def test_a_parameter_that_cannot_be_is_a_422(lived_in, query):
    refused = lived_in.machine.get(f"/cases?{query}")
    assert refused.status_code == 422, refused.text
    assert refused.mimetype == "application/problem+json"


def test_a_program_that_hurries_is_told_when_to_come_back(lived_in, monkeypatch):
    monkeypatch.setattr(pace, "READS", throttle.Limit("api:reads", burst=3, every=30))
    answers = [lived_in.machine.get("/me") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 31
    assert answers[-1].json["code"] == "too-many"


def test_one_that_hurries_slows_no_other(app, lived_in, monkeypatch):
    monkeypatch.setattr(pace, "READS", throttle.Limit("api:reads", burst=1, every=30))
    other = make_machine(app, make_person("responder"))
    assert [lived_in.machine.get("/me").status_code for _ in range(2)] == [200, 429]
    assert other.get("/me").status_code == 200


def test_guessing_tokens_is_slowed_and_a_token_that_holds_never(client, lived_in):
    guesses = [
        client.get("/api/v1/me", headers={"Authorization": f"Bearer cdk_AAAAAAAA_{n:043}"})
        for n in range(40)
    ]
    assert guesses[0].status_code == 401
    assert guesses[-1].status_code == 429
    assert lived_in.machine.get("/me").status_code == 200

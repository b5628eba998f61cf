"""What every route of the API does: strict input, problem+json, pages, entity tags, once only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from pydantic import Field
from sqlalchemy import func, select

from cyberdesk.core import clock
from cyberdesk.core.access import PUBLIC
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError
from cyberdesk.core.web import application, stored_answers
from cyberdesk.core.web.api import (
    Answer,
    ApiDoor,
    Input,
    Output,
    Page,
    PageQuery,
    page_of,
    refuse_stale,
)
from cyberdesk.core.web.models import StoredAnswer
from tests.factories import make_organisation

door = ApiDoor("try", __name__, tag="Try")


class PlaceIn(Input):
    name: str = Field(min_length=1)
    population: int | None = None


class PlaceOut(Output):
    id: UUID
    name: str


class PlaceQuery(PageQuery):
    kind: str | None = None


@door.get("/places", may=PUBLIC, answers=Page[PlaceOut], query=PlaceQuery)
def list_places(query):
    wanted = select(Organisation)
    if query.kind:
        wanted = wanted.where(Organisation.kind == query.kind)
    return page_of(
        wanted,
        [Organisation.kind, Organisation.name, Organisation.id],
        query,
        PlaceOut.model_validate,
        descending=[Organisation.name],
    )


@door.post("/places", may=PUBLIC, takes=PlaceIn, answers=PlaceOut)
def add_place(body):
    row = Organisation(
        kind="other", name=body.name, search=body.name, facts={}, created_at=clock.now()
    )
    with seeing(SYSTEM):  # the directory is the house's to write
        session().add(row)
        session().flush()
    if body.name == "taken":
        raise ConflictError("taken")
    return PlaceOut.model_validate(row)


@door.get("/places/<uuid:place_id>", may=PUBLIC, answers=PlaceOut)
def one_place(place_id):
    row = session().get_one(Organisation, place_id)
    return Answer(PlaceOut.model_validate(row), version=row.population or 0)


@door.patch("/places/<uuid:place_id>", may=PUBLIC, takes=PlaceIn, answers=PlaceOut)
def change_place(place_id, body):
    row = session().get_one(Organisation, place_id)
    refuse_stale(row.population or 0)
    with seeing(SYSTEM):
        row.name, row.population = body.name, (row.population or 0) + 1
        session().flush()
    return Answer(PlaceOut.model_validate(row), version=row.population)


@door.delete("/places/<uuid:place_id>", may=PUBLIC)
def drop_place(place_id):
    with seeing(SYSTEM):
        session().delete(session().get_one(Organisation, place_id))
        session().flush()


@pytest.fixture
def client(database):
    app = application.build("cyberdesk", {"SECRET_KEY": "s" * 40}, https=False)
    app.register_blueprint(door)
    return app.test_client()


def count(client):
    return len(client.get("/api/v1/places?limit=200").json["data"])


def test_an_answer_has_the_declared_shape(client):
    made = client.post("/api/v1/places", json={"name": "  Valfleur "})
    assert made.status_code == 201
    assert made.json["name"] == "Valfleur"
    assert set(made.json) == {"id", "name"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": 1}, "name"),
        ({"name": "x", "nom": "y"}, "nom"),
        ({"name": "x", "population": "12"}, "population"),
        ({"name": "x" * 20_001}, "name"),
        ([], "body"),
    ],
)
def test_a_wrong_body_is_refused_field_by_field(client, body, field):
    refused = client.post("/api/v1/places", json=body)
    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    assert list(refused.json["errors"]) == [field]
    assert refused.json["code"] == "invalid"
    assert count(client) == 0


def test_what_is_wrong_most_is_told_in_the_readers_words(client):
    refused = client.post("/api/v1/places", json={"nom": "y"})
    assert refused.json["errors"] == {
        "name": ["Il faut le donner, et il manque."],
        "nom": ["Il n’y a pas de champ de ce nom ici."],
    }


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b'{"name": "x", "name": "y"}', "application/json", 422),
        (b"name=x", "application/x-www-form-urlencoded", 415),
        (b'{"name": "x"}', None, 415),
        (b'{"name": "' + b"x" * 300_000 + b'"}', "application/json", 413),
    ],
)
def test_other_bodies_are_refused_by_what_is_wrong(client, data, kind, status):
    refused = client.post("/api/v1/places", data=data, content_type=kind)
    assert refused.status_code == status
    assert refused.mimetype == "application/problem+json"


@pytest.mark.parametrize("query", ["nom=x", "limit=0", "limit=x", "limit=1&limit=2", "limit=201"])
def test_a_wrong_parameter_is_refused(client, query):
    assert client.get(f"/api/v1/places?{query}").status_code == 422


def test_pages_hold_every_row_once_whatever_comes_meanwhile(client):
    names = [f"place {n}" for n in range(11)]
    for name in names:
        make_organisation(name, kind="other" if name < "place 5" else "commune")
    seen, address = [], "/api/v1/places?limit=3"
    cursor = ""
    while True:
        page = client.get(address + cursor).json
        seen += [place["name"] for place in page["data"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
        make_organisation("zzz", kind="a")  # before what was read: it moves nothing
    communes = sorted((n for n in names if n >= "place 5"), reverse=True)
    others = sorted((n for n in names if n < "place 5"), reverse=True)
    assert seen == communes + others


def test_a_cursor_is_of_one_list_only(client):
    for _ in range(3):
        make_organisation()
    cursor = client.get("/api/v1/places?limit=1&kind=commune").json["next"]
    assert client.get(f"/api/v1/places?limit=1&kind=commune&cursor={cursor}").status_code == 200
    for other in (f"cursor={cursor}", f"kind=epci&cursor={cursor}", "cursor=x", "cursor=W10.x"):
        assert client.get(f"/api/v1/places?{other}").status_code == 422


def test_what_has_changed_is_not_overwritten(client):
    address = f"/api/v1/places/{make_organisation().id}"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    first = client.patch(address, json={"name": "one"}, headers={"If-Match": tag})
    second = client.patch(address, json={"name": "two"}, headers={"If-Match": tag})
    assert (first.status_code, second.status_code) == (200, 412)
    assert client.get(address).json["name"] == "one"
    assert client.get(address).headers["ETag"] == first.headers["ETag"] != tag


def test_deleting_answers_nothing(client):
    gone = client.delete(f"/api/v1/places/{make_organisation().id}")
    assert (gone.status_code, gone.data) == (204, b"")


def test_the_same_key_is_done_once(client):
    key = {"Idempotency-Key": str(uuid4())}
    answers = [client.post("/api/v1/places", json={"name": "x"}, headers=key) for _ in range(3)]
    assert len({answer.json["id"] for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {201}
    assert [answer.headers.get("Idempotent-Replayed") for answer in answers] == [
        None,
        "true",
        "true",
    ]
    assert count(client) == 1


def test_two_at_once_are_done_once(client):
    key = {"Idempotency-Key": str(uuid4())}
    app = client.application

    def send(_):
        answer = app.test_client().post("/api/v1/places", json={"name": "x"}, headers=key)
        return answer.json["id"]

    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(send, range(3)))) == 1
    assert count(client) == 1


def test_a_key_is_of_one_request(client):
    key = {"Idempotency-Key": str(uuid4())}
    client.post("/api/v1/places", json={"name": "x"}, headers=key)
    other = client.post("/api/v1/places", json={"name": "y"}, headers=key)
    assert other.status_code == 409
    assert count(client) == 1


def test_a_key_is_of_one_client(client):
    key = {"Idempotency-Key": str(uuid4())}
    for address in ("192.0.2.1", "192.0.2.2"):
        client.post(
            "/api/v1/places",
            json={"name": "x"},
            headers=key,
            environ_overrides={"REMOTE_ADDR": address},
        )
    assert count(client) == 2


def test_what_was_refused_may_be_tried_again(client):
    key = {"Idempotency-Key": str(uuid4())}
    assert client.post("/api/v1/places", json={"name": "taken"}, headers=key).status_code == 409
    assert client.post("/api/v1/places", json={"name": "free"}, headers=key).status_code == 201
    assert count(client) == 1


@pytest.mark.parametrize("key", ["short", "é" * 20, "x" * 129, " " * 15])
def test_a_poor_key_is_refused(client, key):
    sent = client.post("/api/v1/places", json={"name": "x"}, headers={"Idempotency-Key": key})
    assert sent.status_code == 422
    assert count(client) == 0


def test_stored_answers_are_sealed_and_forgotten_after_a_day(client):
    key = {"Idempotency-Key": str(uuid4())}
    client.post("/api/v1/places", json={"name": "Valfleur"}, headers=key)
    from cyberdesk.core.db import atomic

    with atomic(SYSTEM) as work:
        kept = work.scalars(select(StoredAnswer)).one()
        assert b"Valfleur" not in kept.answer_sealed
    assert stored_answers.forget_old() == 0
    with clock.using(clock.still(clock.now() + stored_answers.KEPT + timedelta(minutes=1))):
        assert stored_answers.forget_old() == 1
    with atomic(SYSTEM) as work:
        assert work.scalar(select(func.count(StoredAnswer.id))) == 0

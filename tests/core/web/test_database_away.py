"""The database goes away: a page says so at once, nobody is told that it was saved."""

import psycopg
import pytest
from sqlalchemy import text

from cyberdesk.core import db
from cyberdesk.core.db import session
from tests.factories import make_person, sign_in

SAID = "La base de données ne répond pas"


@pytest.fixture
def away(database):
    """Take the database away, as far as the application can tell."""
    gone = db.Database("postgresql://desk:hush@127.0.0.1:1/desk", pool_size=1)

    def take():
        db.use(gone)

    yield take
    db.use(database)
    gone.close()


@pytest.mark.parametrize("path", ["/", "/declarer", "/administration/personnes"])
def test_whoever_asks_is_told_and_may_come_back(client, away, database, path):
    sign_in(client, make_person("admin"))
    away()
    answer = client.get(path)
    assert answer.status_code == 503
    assert SAID in answer.text
    assert "hush" not in answer.text
    assert "Content-Security-Policy" in answer.headers
    db.use(database)
    assert client.get(path).status_code < 400


def test_machines_are_told_as_machines(client, away):
    away()
    answer = client.get("/api/v1/me", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"


def test_a_connection_that_dies_under_a_signed_in_page(client, schema, app, monkeypatch):
    """Everything after it fails as well: the frame around the answer must ask for nothing."""

    def dies(**_given):
        mine = session().scalar(text("SELECT pg_backend_pid()"))
        with psycopg.connect(schema.replace("+psycopg", "")) as owner:
            owner.execute("SELECT pg_terminate_backend(%s, 2000)", (mine,))
        session().execute(text("SELECT 1"))

    monkeypatch.setitem(app.view_functions, "people.index", dies)
    sign_in(client, make_person("admin"))
    answer = client.get("/administration/personnes")
    assert answer.status_code == 503
    assert SAID in answer.text

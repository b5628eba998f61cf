"""Health tells the truth soon: with everything there, with the queue away, with no database."""

import socket
import time
from dataclasses import replace

import pytest

from cyberdesk.core.web.health import examine

ADDRESS = {"REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def silent():
    """A server that takes calls and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def on(app, settings):
    """Let the application believe in other addresses for its servers."""

    def put(**changed):
        app.config["CYBERDESK"] = replace(settings, **changed)

    yield put
    app.config["CYBERDESK"] = settings


def test_ready_without_a_queue_and_it_says_so(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "database": "ok", "queue": "does not answer"}


def test_ready_with_everything(client, on, valkey_server):
    on(redis_url=valkey_server.dsn)
    assert client.get("/readyz").json["queue"] == "ok"


def test_a_database_that_is_gone_is_told_and_nothing_else_is(client, on):
    on(database_url="postgresql://desk:secret@127.0.0.1:1/desk")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["database"] == "does not answer"
    for word in ("secret", "desk", "127.0.0.1"):
        assert word not in answer.text
    assert client.get("/healthz").status_code == 200, "the process itself lives"


def test_servers_that_hang_are_told_within_two_seconds(client, on, silent):
    on(
        database_url=f"postgresql://desk@127.0.0.1:{silent}/desk",
        redis_url=f"redis://127.0.0.1:{silent}/0",
    )
    begun = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - begun < 2
    assert answer.status_code == 503
    assert "no answer" in answer.json["database"]
    assert "answer" in answer.json["queue"]


def test_an_empty_database_is_told_what_it_lacks(postgres_server):
    empty = postgres_server.dsn.replace("/cyberdesk?", "/postgres?")
    assert examine(empty, "unix:///nowhere").database == "is not set up: cyberdesk init"


def test_metrics_say_what_is_away_and_leave_out_what_it_knew(client, on):
    with_it = client.get("/metrics", environ_base=ADDRESS).text
    assert 'cyberdesk_up{server="database"} 1.0' in with_it
    assert "cyberdesk_deliveries_due" in with_it
    on(database_url="postgresql://desk@127.0.0.1:1/desk")
    answer = client.get("/metrics", environ_base=ADDRESS)
    assert answer.status_code == 200
    assert 'cyberdesk_up{server="database"} 0.0' in answer.text
    assert 'cyberdesk_up{server="queue"} 0.0' in answer.text
    assert "cyberdesk_deliveries_due" not in answer.text
    assert "cyberdesk_request_seconds" in answer.text

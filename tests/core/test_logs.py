"""Logs: a number for each request, JSON, and never a secret or a person's words."""

import json
import logging

import pytest
import structlog
from sqlalchemy import text

from cyberdesk.core import logs
from cyberdesk.core.connector import ConnectorError
from cyberdesk.core.db import session

WORDS = "Le maire est parti avec le mot de passe"


@pytest.fixture
def lines(capsys):
    """What is logged as in production, a dictionary a line."""
    logs.configure(plain=False)

    def read():
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield read
    logs.configure(plain=True)


def test_an_error_is_told_by_its_kind_and_its_place(lines):
    try:
        int(WORDS)
    except ValueError:
        structlog.get_logger().error("it failed", exc_info=True)
    [line] = lines()
    assert line["event"] == "it failed"
    assert line["exception"].startswith("ValueError\n")
    assert "test_logs.py" in line["exception"]
    assert WORDS not in str(line)


def test_a_row_that_the_database_refuses_is_not_quoted(lines, database):
    from cyberdesk.core.db import atomic

    try:
        with atomic():
            session().execute(text("SELECT CAST(:words AS integer)"), {"words": WORDS})
    except Exception:
        structlog.get_logger().error("it failed", exc_info=True)
    [line] = lines()
    assert "SQLSTATE 22P02" in line["exception"]
    assert "maire" not in str(line)


def test_what_names_hosts_alone_speaks_and_mailboxes_are_left_out(lines):
    def refused():
        said = "refused with 550: <nadia.prevost@example.org> unknown"
        raise ConnectorError(said) from OSError(113, "No route to host")

    try:
        refused()
    except ConnectorError:
        structlog.get_logger().error("it failed", exc_info=True)
    [line] = lines()
    assert "refused with 550: <…@example.org> unknown" in line["exception"]
    assert "No route to host" in line["exception"]


def test_libraries_write_like_ourselves(lines):
    try:
        int(WORDS)
    except ValueError:
        logging.getLogger("rq.worker").exception("job %s failed", "1234")
    [line] = lines()
    assert (line["event"], line["logger"], line["level"]) == (
        "job 1234 failed",
        "rq.worker",
        "error",
    )
    assert WORDS not in str(line)


def test_each_request_has_a_number_and_its_path_is_not_written(lines, client):
    secret = "7f2TerVV81oS3YClXXtcRnkV2U554xSwg0PI2lkrduCFE"
    answer = client.get(f"/invitation/{secret}")
    [line] = [one for one in lines() if one["event"] == "request"]
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["rule"] == "/invitation/<token>"
    assert line["status"] == 404
    assert secret not in str(line)


def test_a_number_that_a_proxy_gave_is_kept_and_no_other_thing(client):
    given = client.get("/healthz", headers={"X-Request-Id": "proxy-0123456789"})
    assert given.headers["X-Request-Id"] == "proxy-0123456789"
    forged = client.get("/healthz", headers={"X-Request-Id": "x y<script>"})
    assert "script" not in forged.headers["X-Request-Id"]


def test_a_fault_shows_the_number_under_which_it_is_logged(lines, client, app, monkeypatch):
    def fail(**_given):
        raise ValueError(WORDS)

    monkeypatch.setitem(app.view_functions, "entrance.home", fail)
    answer = client.get("/")
    logged = lines()
    number = answer.headers["X-Request-Id"]
    assert answer.status_code == 500
    assert number in answer.text
    assert WORDS not in answer.text
    assert {line["request_id"] for line in logged} == {number}
    assert [line["event"] for line in logged] == ["unforeseen error", "request"]
    assert WORDS not in str(logged)

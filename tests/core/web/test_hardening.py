"""The site as it is served over TLS: its host, its cookies, its headers on every answer, its logs."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import structlog
from flask import Flask
from sqlalchemy.exc import IntegrityError
from werkzeug.http import parse_cookie

from cyberdesk.app import create_app
from cyberdesk.core import clock, db, letters, logs
from cyberdesk.core.access.models import Person
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.files import blobs
from cyberdesk.core.jobs import outbox
from cyberdesk.core.web.addresses import whole
from tests.factories.declarations import begin
from tests.fixtures_web import Browser

SITE = "https://desk.example"


@pytest.fixture(scope="module")
def _safe(settings, _app: Flask) -> Iterator[Flask]:
    """The application as production has it; the other one has made the secrets that it finds."""
    del _app
    held = letters.letterhead()
    made = create_app(replace(settings, base_url=SITE, production=True))
    logs.configure(plain=True)
    made.test_client_class = Browser
    db.database().close()
    db.use(None)
    vault.use(None)
    outbox.use(None)
    blobs.use(None)
    yield made
    letters.use(held)


@pytest.fixture
def safe(_safe: Flask, database) -> Browser:
    return _safe.test_client()


def test_another_host_is_not_answered(safe):
    """What is made of a request would lead there: links, passkeys, the check of a form's origin."""
    for host in ("evil.example", "127.0.0.1:8000", "desk.example.evil.example"):
        answer = safe.get("/declarer", base_url=f"https://{host}")
        assert answer.status_code == 421, host
        assert "evil" not in answer.text
    assert safe.get("/declarer", base_url="https://DESK.example:443").status_code == 200
    assert safe.get("/declarer", base_url=SITE).status_code == 200


@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
def test_whoever_asks_whether_we_live_may_come_by_any_name(safe, page):
    assert safe.get(page, headers={"Host": "10.0.0.7:8000"}).status_code == 200


def test_links_begin_as_the_settings_say(safe):
    with safe.application.test_request_context(base_url="http://evil.example"):
        assert whole("declarations.enter", token="t") == f"{SITE}/d/t"


def cookies(answer):
    return answer.headers.getlist("Set-Cookie")


def test_every_cookie_is_bound_to_the_host_and_sent_over_tls_only(safe):
    begun = begin()
    answers = [
        safe.get("/declarer?lang=en", base_url=SITE),
        safe.get(f"/d/{begun.token}", base_url=SITE),
        safe.post("/quitter", base_url=SITE, data={"csrf_token": safe_token(safe)}, headers=FROM),
    ]
    said = [line for answer in answers for line in cookies(answer)]
    names = {next(iter(parse_cookie(line))) for line in said}
    assert {"__Host-session", "__Host-lang", "__Host-dossier"} <= names
    for line in said:
        assert line.startswith("__Host-"), line
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; ")), line
        assert "Domain=" not in line


FROM = {"Referer": f"{SITE}/declarer", "Sec-Fetch-Site": "same-origin"}


def safe_token(client) -> str:
    """The token that a page of the site gave to this browser."""
    import re

    page = client.get("/declarer", base_url=SITE).text
    return re.search(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"', page)[1]


def test_every_answer_bears_every_header(safe):
    """Pages, refusals, redirects, data: none is forgotten."""
    wanted = {
        "Content-Security-Policy": "default-src 'none'",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "",
    }
    addresses = {
        rule.rule
        for rule in safe.application.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and not rule.build_only
    }
    for address in sorted(addresses | {"/nowhere", "/api/v1/nowhere", "/desk/cases/CD-000-000"}):
        answer = safe.get(address, base_url=SITE)
        for name, beginning in wanted.items():
            assert answer.headers.get(name, "∅").startswith(beginning), (address, name)
        policy = answer.headers["Content-Security-Policy"]
        for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert part in policy
        assert "unsafe" not in policy
        assert "Server" not in answer.headers
        answer.close()


def test_samples_and_the_demo_are_not_served_in_production(safe):
    for address in ("/style", "/demo"):
        assert safe.get(address, base_url=SITE).status_code == 404


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND"])
def test_other_methods_are_not_taken(safe, method):
    assert safe.open("/declarer", method=method, base_url=SITE).status_code in {405, 501}


@pytest.mark.parametrize("site", ["cross-site"])
def test_another_site_does_nothing_here(safe, site):
    token = safe_token(safe)
    sent = {"csrf_token": token, "theme": "dark", "back": "/"}
    from_there = {"Sec-Fetch-Site": site, "Referer": f"{SITE}/"}
    assert safe.post("/theme", base_url=SITE, data=sent, headers=from_there).status_code == 403
    assert safe.post("/theme", base_url=SITE, data=sent, headers=FROM).status_code == 303


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_numbers_are_not_told_through_a_proxy_that_nobody_named(client, name):
    """Behind it everybody comes from this machine."""
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={name: "203.0.113.9"}).status_code == 404


@pytest.mark.parametrize(
    "back", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/e"]
)
def test_the_choice_of_light_leads_nowhere_else(client, back):
    answer = client.submit("/theme", {"theme": "dark", "back": back})
    assert answer.location == "/"


def test_no_token_and_no_value_reaches_the_logs(app, client, monkeypatch):
    """A failure of ours is logged with its route, never with its address or what was typed."""
    from cyberdesk.desk.declarations import ways

    def fail(*_args, **_more):
        with atomic(SYSTEM) as session:
            for _ in range(2):
                session.add(
                    Person(name="secret name", email="x@example.org", created_at=clock.now())
                )
            session.flush()

    monkeypatch.setattr(ways, "opened_by", fail)
    with structlog.testing.capture_logs() as logs:
        assert client.get("/d/the-secret-token-of-somebody-that-is-long").status_code == 500
    (told,) = [line for line in logs if line["event"] == "unforeseen error"]
    assert isinstance(told.pop("exc_info"), IntegrityError)
    assert told["route"] == "/d/<token>"
    assert "the-secret-token" not in json.dumps(told, default=str)


def test_an_error_of_the_database_shows_no_value(database):
    with pytest.raises(IntegrityError) as error, atomic(SYSTEM) as session:
        for _ in range(2):
            session.add(Person(name="secret name", email="x@example.org", created_at=clock.now()))
        session.flush()
    assert "secret name" not in str(error.value)

"""`http_api.request` against a real web server: where it may go, what it says, how it fails."""

import socket
import ssl

import pytest

from cyberdesk.core.connector import ConnectorError, Reason, Repeat
from cyberdesk.core.db import atomic
from cyberdesk.core.egress import Rules, guard
from cyberdesk.core.errors import InvalidError
from cyberdesk.desk.connectors import service
from cyberdesk.desk.connectors.catalogue import command_action
from tests.desk.connectors.post_office import certificate
from tests.desk.connectors.web_server import web_server

NAME = "http_api.request"
BASIC = {"type": "http-basic", "user_id": "desk", "password": "hush-hush"}


@pytest.fixture(scope="module")
def site():
    with web_server() as made:
        yield made


@pytest.fixture
def edr(site, admin):
    """The site, allowed below /api; it folds what comes below /api/once."""
    site.seen.clear()
    site.say(200)
    guard.use(Rules.parse("127.0.0.1"))
    set_up(admin, [f"{site.url}/api"], folding=[f"{site.url}/api/once"])
    return site


def set_up(admin, destinations, **more):
    with atomic(admin.scope):
        given = {"destinations": destinations, **more}
        service.configure(admin, "http_api", given=given, enabled=True)


def ask(site, command, key="k1", exercise=False, **given):
    given = {"command": command, "target": {"address": {"url": [site.url]}}, **given}
    return service.prepare(NAME, given, key=key, exercise=exercise)


def failure(ready):
    with pytest.raises(ConnectorError) as caught:
        ready.perform()
    return caught.value


def test_a_call_arrives_as_it_was_written(edr):
    assert command_action("http-api") == NAME
    edr.say(201, {"id": 7}, **{"Content-Type": "application/json"})
    given = {"headers": {"X-Case": ["CD-1", "CD-2"]}, "content_b64": "eyJhIjoxfQ=="}
    output = ask(edr, "POST /api/hosts?x=1 HTTP/1.1", authentication=BASIC, **given).perform()
    assert output == {
        "status": 201,
        "body": '{"id": 7}',
        "content_type": "application/json",
        "truncated": False,
    }
    [asked] = edr.seen
    assert (asked.method, asked.path, asked.body) == ("POST", "/api/hosts?x=1", b'{"a":1}')
    assert asked.headers["x-case"] == "CD-1, CD-2"
    assert asked.headers["authorization"].startswith("Basic ")
    assert asked.headers["host"] in edr.url


def test_the_class_is_that_of_the_method_and_of_the_destination(edr):
    classes = {
        "GET /api/x": Repeat.IDEMPOTENT,
        "PUT /api/x": Repeat.IDEMPOTENT,
        "DELETE /api/x": Repeat.IDEMPOTENT,
        "POST /api/x": Repeat.UNSAFE,
        "PATCH /api/x": Repeat.UNSAFE,
        "POST /api/once/x": Repeat.IDEMPOTENT,
        "nonsense": Repeat.UNSAFE,
    }
    assert {command: ask(edr, command).repeat for command in classes} == classes
    access = {"type": "http-basic", "kms": True, "kms_key_identifier": "edr"}
    given = {"target": {"address": {"url": [edr.url]}}, "authentication": access}
    assert service.repeat_of(NAME, {"command": "GET /api/x", **given}) is Repeat.IDEMPOTENT


def test_each_attempt_at_the_same_effect_bears_the_same_key(edr):
    for key in ("k1", "k1", "k2"):
        ask(edr, "POST /api/once/x", key=key).perform()
    ask(edr, "POST /api/once/x", headers={"idempotency-key": ["mine"]}).perform()
    ask(edr, "GET /api/x").perform()
    one, again, two, mine, none = [one.headers.get("idempotency-key") for one in edr.seen]
    assert (one == again, one == two, mine, none) == (True, False, "mine", None)


def test_nothing_goes_where_nobody_allowed_it(edr):
    error = failure(ask(edr, "GET /admin", authentication=BASIC))
    assert error.reason is Reason.GUARDED
    assert "n’est pas parmi les destinations permises" in str(error)
    assert edr.seen == []


def test_a_redirect_is_told_and_not_followed(edr):
    edr.say(302, Location=f"{edr.url}/elsewhere")
    error = failure(ask(edr, "POST /api/x", authentication=BASIC))
    assert "/elsewhere" in error.hint
    assert len(edr.seen) == 1


def test_a_long_answer_is_cut(edr):
    edr.say(200, b"x" * 200_000)
    output = ask(edr, "GET /api/x").perform()
    assert (len(output["body"]), output["truncated"]) == (65_536, True)


def test_when_the_answer_is_lost_nobody_knows_and_without_a_connection_nothing_left(edr, admin):
    def hang_up(_asked):
        raise ConnectionResetError

    edr.answers = hang_up
    assert failure(ask(edr, "POST /api/x")).done is None
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    set_up(admin, [url])
    assert failure(ask(edr, f"POST {url}/x", target={})).done is False


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "[::1]", "localhost"])
def test_loopback_and_link_local_are_refused_even_when_they_are_destinations(edr, admin, host):
    guard.use(Rules())
    set_up(admin, [f"https://{host}"])
    error = failure(ask(edr, f"GET https://{host}/x", target={}))
    assert "Internet public" in str(error)
    assert error.done is False
    assert edr.seen == []


def test_nothing_leaves_an_exercise_or_a_rehearsal(edr, admin):
    assert "exercice" in str(failure(ask(edr, "POST /api/x", exercise=True)))
    given = {
        "command": "POST /api/x HTTP/1.1",
        "target": {"address": {"url": [edr.url]}},
        "content": "bonjour",
        "authentication": BASIC,
    }
    with atomic(admin.scope):
        shown = service.show(admin, "http_api", action="request", given=given)
        with pytest.raises(InvalidError, match="n’est pas parmi"):
            service.show(admin, "http_api", action="request", given=given | {"command": "GET /x"})
    assert shown.startswith(f"POST {edr.url}/api/x\nIdempotency-Key: ")
    assert shown.endswith("Authorization: …\n\nbonjour")
    assert edr.seen == []


def test_trying_it_reaches_each_destination_without_an_effect(edr, admin):
    edr.say(405)
    with atomic(admin.scope):
        tested = service.test_connection(admin, "http_api")
    assert (tested.ok, tested.said) == (True, f"{edr.url}/api: 405")
    assert [one.method for one in edr.seen] == ["HEAD"]


def test_tls_trusts_an_authority_of_ones_own_and_shows_who_we_are(admin, tmp_path):
    tls, trusted = certificate(tmp_path)
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(trusted)
    authority, key = trusted.read_text(), (tmp_path / "office.key").read_text()
    with web_server(tls) as site:
        set_up(admin, [site.url])
        untrusted = failure(ask(site, "POST /x"))
        assert (untrusted.done, "certificate verify failed" in str(untrusted)) == (False, True)
        set_up(admin, [site.url], authority=authority)
        failure(ask(site, "POST /x"))  # it asks who we are
        assert site.seen == []
        set_up(admin, [site.url], authority=authority, certificate=authority, key=key)
        assert ask(site, "POST /x").perform()["status"] == 200
        set_up(admin, [site.url], authority="no certificate", key="")
        assert failure(ask(site, "POST /x")).reason is Reason.SETTINGS


@pytest.mark.parametrize(
    "destination",
    ["edr.example.org", "ftp://edr.example.org", "https://a@b", "https://a/?x=1", "https://a/ b"],
)
def test_a_destination_that_is_none_is_told_beside_its_field(admin, destination):
    with pytest.raises(InvalidError) as caught:
        set_up(admin, [destination])
    assert set(caught.value.fields) == {"destinations.0"}

"""`openc2.send` against a real consumer: both forms of messages, every kind of status."""

import base64
import json

import pytest

from cyberdesk.core.connector import ConnectorError, Reason, Repeat
from cyberdesk.core.db import atomic
from cyberdesk.core.text import speaking
from cyberdesk.desk.connectors import service
from cyberdesk.desk.connectors.catalogue import command_action
from tests.desk.connectors.web_server import web_server

DENY = {"action": "deny", "target": {"ipv4_net": "198.51.100.17/32"}, "args": {"slpf": {}}}


@pytest.fixture
def consumer(admin):
    with web_server() as site:
        set_up(admin, site)
        yield site


def set_up(admin, site, **more):
    with atomic(admin.scope):
        given = {"consumers": [f"{site.url}/openc2"], **more}
        service.configure(admin, "openc2", given=given, enabled=True)


def wrapped(command, **headers):
    return {"headers": headers, "body": {"openc2": {"request": command}}}


def send(site, content, key="k1", command="POST /openc2 HTTP/1.1", **given):
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    given = {
        "command": command,
        "content_b64": base64.b64encode(raw).decode(),
        "target": {"address": {"url": [site.url]}},
        **given,
    }
    return service.prepare("openc2.send", given, key=key)


def failure(ready):
    with pytest.raises(ConnectorError) as caught:
        ready.perform()
    return caught.value


def test_a_bare_command_travels_in_the_form_of_1_0(consumer):
    assert command_action("openc2-http") == "openc2.send"
    consumer.say(200, {"status": 200, "status_text": "denied", "results": {"slpf": {"rule": 3}}})
    output = send(consumer, DENY).perform()
    [asked] = consumer.seen
    assert (asked.method, asked.path, json.loads(asked.body)) == ("POST", "/openc2", DENY)
    assert asked.headers["content-type"] == "application/openc2-cmd+json;version=1.0"
    assert asked.headers["accept"] == "application/openc2-rsp+json;version=1.0"
    assert asked.headers["x-request-id"] == output["request_id"]
    assert (output["status"], output["results"]) == (200, {"slpf": {"rule": 3}})


def test_a_message_of_1_1_bears_the_request_id_of_the_effect(consumer):
    consumer.say(200, {"body": {"openc2": {"response": {"status": 102, "status_text": "at work"}}}})
    message = wrapped(DENY, request_id="the same in each run", to=["fw"])
    given = {"headers": {"Content-Type": ["application/openc2+json"], "x-request-id": ["old"]}}
    for key in ("k1", "k1", "k2"):
        output = send(consumer, message, key=key, **given).perform()
    ids = [json.loads(one.body)["headers"]["request_id"] for one in consumer.seen]
    assert ids == [one.headers["x-request-id"] for one in consumer.seen]
    assert (ids[0] == ids[1], ids[0] == ids[2]) == (True, False)
    assert consumer.seen[0].headers["content-type"] == "application/openc2+json"
    assert (output["status"], output["status_text"]) == (102, "at work")


@pytest.mark.parametrize(
    ("http", "body", "done", "again"),
    [
        (200, {"status": 400, "status_text": "no such target"}, False, False),
        (200, {"status": 503}, False, True),
        (200, {"status": 500}, None, True),
        (200, {"status": 501}, False, False),
        (500, {"status": 200}, None, True),
        (404, b"<html>", False, False),
    ],
)
def test_a_status_that_is_no_success_says_what_is_known(consumer, http, body, done, again):
    consumer.say(http, body)
    error = failure(send(consumer, DENY))
    assert (error.done, error.again) == (done, again)
    if http == 200 and "status_text" in body:
        assert "400 no such target" in str(error)


@pytest.mark.parametrize("body", [b"", b"[]", b"fine", b'{"status": "ok"}', b'{"status": 7}'])
def test_without_a_status_of_its_own_that_of_http_counts(consumer, body):
    consumer.say(200, body)
    assert send(consumer, DENY).perform()["status"] == 200


def test_the_class_is_that_of_the_action_and_of_the_consumer(consumer, admin):
    def classes():
        verbs = ("query", "deny", "restart", "delete")
        return [send(consumer, wrapped(DENY | {"action": verb})).repeat for verb in verbs]

    yes, no = Repeat.IDEMPOTENT, Repeat.UNSAFE
    assert classes() == [yes, yes, no, no]
    set_up(admin, consumer, folds=True)
    assert classes() == [yes] * 4


@pytest.mark.parametrize(
    ("content", "english"),
    [
        (b"deny", "not JSON"),
        ([DENY], "no JSON object"),
        ({"action": "explode", "target": {"file": {}}}, "no action of OpenC2"),
        ({"action": ["deny"], "target": {"file": {}}}, "no action of OpenC2"),
        ({"action": "deny"}, "has one target"),
        ({"action": "deny", "target": {"a": 1, "b": 2}}, "has one target"),
        ({"body": {"openc2": []}}, "no action of OpenC2"),
    ],
)
def test_what_is_no_command_does_not_leave(consumer, content, english):
    error = failure(send(consumer, content))
    assert (error.again, error.done, consumer.seen) == (False, False, [])
    french = str(error)
    with speaking("en"):
        assert english in str(error) != french


def test_it_goes_by_post_to_the_consumers_alone(consumer):
    assert "POST" in str(failure(send(consumer, DENY, command="GET /openc2 HTTP/1.1")))
    assert failure(send(consumer, DENY, command="POST /x HTTP/1.1")).reason is Reason.GUARDED
    assert consumer.seen == []


def test_trying_it_asks_for_its_features(consumer, admin):
    consumer.say(200, {"status": 200})
    for status, ok in [(200, True), (403, False)]:
        consumer.say(200, {"status": status})
        with atomic(admin.scope):
            assert service.test_connection(admin, "openc2").ok is ok
    assert json.loads(consumer.seen[0].body)["action"] == "query"


def test_a_rehearsal_shows_the_message_without_its_secrets(consumer, admin):
    given = {
        "command": "POST /openc2 HTTP/1.1",
        "content": json.dumps(DENY),
        "target": {"address": {"url": [consumer.url]}},
        "authentication": {"type": "oauth2", "oauth_header": "Bearer", "token": "hush-hush"},
    }
    with atomic(admin.scope):
        shown = service.show(admin, "openc2", action="send", given=given)
    assert '"action": "deny"' in shown
    assert "Authorization: …" in shown
    assert "hush-hush" not in shown
    assert consumer.seen == []

"""HTTP commands: one honest request to one address, or a sentence that says what is wrong."""

import base64

import pytest

from cyberdesk.core.connector import ConnectorError
from cyberdesk.core.egress import Answer
from cyberdesk.core.http_calling import refusal
from cyberdesk.core.http_command import HttpCommand
from cyberdesk.core.text import speaking

TARGET = {"type": "http-api", "name": "EDR", "address": {"url": ["https://edr.example.org/v1"]}}


def read(command, target=TARGET, **given):
    return HttpCommand.read({"command": command, "target": target, **given})


@pytest.mark.parametrize(
    ("command", "target", "url"),
    [
        ("GET /hosts HTTP/1.1", TARGET, "https://edr.example.org/v1/hosts"),
        ("GET hosts HTTP1.1\n", TARGET, "https://edr.example.org/v1/hosts"),
        ("GET /hosts?a=/../b", TARGET, "https://edr.example.org/v1/hosts?a=/../b"),
        (
            "GET https://edr.example.org/v2/x HTTP/1.1",
            TARGET,
            "https://edr.example.org/v2/x",
        ),
        (
            "GET https://edr.example.org:443/x",
            {"address": {"dname": ["edr.example.org"]}},
            "https://edr.example.org:443/x",
        ),
        ("GET https://any.example.org/x", {}, "https://any.example.org/x"),
        (
            "GET /x",
            {"address": {"dname": ["edr.example.org", "b.example.org"]}, "port": "8443"},
            "https://edr.example.org:8443/x",
        ),
        ("GET /x", {"address": {"ipv6": ["2001:db8::1"]}}, "https://[2001:db8::1]/x"),
        (
            "GET /x",
            {"address": {"url": ["http://10.0.0.7"]}, "port": "8080"},
            "http://10.0.0.7:8080/x",
        ),
    ],
)
def test_the_address_is_the_target_and_the_start_line(command, target, url):
    assert read(command, target).url == url


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("GET /a HTTP/1.1\r\nHost: other.example.org", "line end"),
        ("GET /a\tb HTTP/1.1", "line end"),
        ("GET /a\x00 HTTP/1.1", "line end"),
        ("GET /é HTTP/1.1", "ASCII"),
        ("GET", "write it as GET"),
        ("GET /a b c", "write it as GET"),
        ("GET /a FTP/1.1", "write it as GET"),
        ("get /a HTTP/1.1", "use one of"),
        ("CONNECT edr.example.org:443 HTTP/1.1", "use one of"),
        ("TRACE / HTTP/1.1", "use one of"),
        ("GET https://evil.example/a HTTP/1.1", "is not at the target"),
        ("GET http://edr.example.org/a HTTP/1.1", "is not at the target"),
        ("GET https://edr.example.org:8443/a HTTP/1.1", "is not at the target"),
        ("GET https://edr.example.org@evil.example/a HTTP/1.1", "without a user name"),
        ("GET https://evil.example\\@edr.example.org/a HTTP/1.1", "without a user name"),
        ("GET https://edr.example.org:0x1bb/a HTTP/1.1", "without a user name"),
        ("GET https://edr.example.org:99999/a HTTP/1.1", "without a user name"),
        ("GET file:///etc/passwd HTTP/1.1", "without a user name"),
        ("GET //evil.example/a HTTP/1.1", "give a path"),
        ("OPTIONS * HTTP/1.1", "give a path"),
        ("GET /a#b HTTP/1.1", "fragment"),
        ("GET /a\\b HTTP/1.1", "fragment"),
        ("GET /../admin HTTP/1.1", "in a path"),
        ("GET /a/%2e%2e/admin HTTP/1.1", "in a path"),
        ("GET /a/%252e%252E%2fadmin HTTP/1.1", "in a path"),
        ("GET /a/..;x=1/admin HTTP/1.1", "in a path"),
        ("GET /%25252525252e HTTP/1.1", "in a path"),
    ],
)
def test_a_start_line_that_could_mean_something_else_is_refused(command, said):
    with pytest.raises(ConnectorError) as caught:
        read(command)
    french = str(caught.value)
    with speaking("en"):
        assert said in str(caught.value)
        assert french != str(caught.value)
    assert (caught.value.done, caught.value.again) == (False, False)


@pytest.mark.parametrize(
    "target",
    [
        {},
        {"address": {"url": ["https://edr.example.org/?a=b"]}},
        {"address": {"url": ["ftp://edr.example.org"]}},
        {"address": {"url": ["https://edr.example.org:1"]}, "port": "2"},
        {"address": {"dname": ["edr.example.org/x"]}},
        {"address": {"dname": ["edr.example.org:99@evil.example"]}},
        {"address": {"dname": ["edr.example.org"]}, "port": "https"},
    ],
)
def test_a_target_that_is_no_address_is_refused(target):
    with pytest.raises(ConnectorError):
        read("GET /x", target)


@pytest.mark.parametrize(
    "headers",
    [
        {"X": ["a\r\nHost: evil"]},
        {"X\r\nY": ["a"]},
        {"X Y": ["a"]},
        {"": ["a"]},
        {"X": ["é"]},
        {"Transfer-Encoding": ["chunked"]},
        {"Connection": ["upgrade"]},
        {"Proxy-Authorization": ["x"]},
        {"Host": ["evil.example"]},
        {"X": ["a"], "x": ["b"]},
    ],
)
def test_a_header_that_would_change_the_message_is_refused(headers):
    with pytest.raises(ConnectorError):
        read("GET /x", headers=headers)


def test_headers_that_are_worked_out_are_left_out():
    given = {"Host": ["edr.example.org"], "Content-Length": ["3"], "Accept": ["a", "b"]}
    assert read("GET /x", headers=given).headers == {"Accept": "a, b"}


BASIC = "Basic " + base64.b64encode(b"desk:pass:w\xc3\xb6rd").decode()


@pytest.mark.parametrize(
    ("told", "headers"),
    [
        (
            {"type": "http-basic", "user_id": "desk", "password": "pass:wörd"},
            {"Authorization": BASIC},
        ),
        (
            {"type": "user-auth", "username": "desk", "password": "pass:wörd"},
            {"Authorization": BASIC},
        ),
        (
            {"type": "oauth2", "oauth_header": "Bearer", "token": "t"},
            {"Authorization": "Bearer t"},
        ),
        (
            {"type": "oauth2", "oauth_header": "Authorization: Bearer", "token": "t"},
            {"Authorization": "Bearer t"},
        ),
        (
            {"type": "oauth2", "oauth_header": "Authorization", "token": "Bearer t"},
            {"Authorization": "Bearer t"},
        ),
        ({"type": "oauth2", "oauth_header": "X-Api-Key", "token": "t"}, {"X-Api-Key": "t"}),
        ({}, {}),
    ],
)
def test_credentials_become_a_header_that_is_never_shown(told, headers):
    command = read("GET /x", authentication=told)
    assert command.secret == headers
    assert "desk" not in command.shown()
    assert command.shown().count(": …") == len(headers)


@pytest.mark.parametrize(
    "told",
    [
        {"type": "http-basic", "user_id": "desk", "password": ""},
        {"type": "http-basic", "user_id": "desk"},
        {"type": "oauth2", "oauth_header": "Bearer", "token": "a\r\nHost: evil"},
        {"type": "oauth2", "oauth_header": "X Y", "token": "t"},
        {"type": "kerberos"},
    ],
)
def test_credentials_that_are_none_are_refused(told):
    with pytest.raises(ConnectorError):
        read("GET /x", authentication=told)


def test_a_secret_that_is_named_by_a_reference_may_be_missing_in_a_rehearsal():
    told = {"type": "http-basic", "kms": True, "kms_key_identifier": "edr"}
    with pytest.raises(ConnectorError):
        read("GET /x", authentication=told)
    given = {"command": "GET /x", "target": TARGET, "authentication": told}
    assert "Authorization: …" in HttpCommand.read(given, rehearsed=True).shown()


def test_credentials_twice_are_refused():
    told = {"type": "oauth2", "oauth_header": "Bearer", "token": "t"}
    with pytest.raises(ConnectorError, match="authorization"):
        read("GET /x", authentication=told, headers={"AUTHORIZATION": ["Bearer u"]})


@pytest.mark.parametrize(
    ("destination", "inside"),
    [
        ("https://edr.example.org", True),
        ("https://EDR.example.org:443/v1/", True),
        ("https://edr.example.org/v1/hosts", True),
        ("https://edr.example.org/v", False),
        ("https://edr.example.org/v1/hosts/1", False),
        ("https://edr.example.org:8443", False),
        ("http://edr.example.org", False),
        ("https://edr.example.org.evil.example", False),
    ],
)
def test_a_destination_covers_what_lies_below_it(destination, inside):
    assert read("GET /hosts").within([destination]) is inside
    assert not read("GET /hosts").within([])


@pytest.mark.parametrize(
    ("status", "done", "again"),
    [
        (302, False, False),
        (401, False, False),
        (409, False, False),
        (429, False, True),
        (503, False, True),
        (500, None, True),
        (504, None, True),
        (501, False, False),
    ],
)
def test_what_a_refusal_says_of_the_effect(status, done, again):
    headers = {"location": "https://b.example.org"} if status in {302, 409} else {}
    error = refusal(Answer(status, headers, b"no\nway", "https://edr.example.org/x"))
    assert (error.done, error.again) == (done, again)
    assert f"edr.example.org: {status} no way" in str(error)
    assert ("b.example.org" in error.hint) is (status == 302)

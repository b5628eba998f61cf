"""Requests whose ends are told twice, to the web server that `cyberdesk web` starts.

A proxy before it may believe one length and it the other: what is left over would be taken for the
next request of somebody else (request smuggling, RFC 9112 §11.2, ASVS 5.0 V4.2.1). Each is refused
and its connection closed: nothing that follows on it is read.
"""

import os
import socket
import subprocess
import sys
import time

import pytest

from cyberdesk.core.crypto.keyring_file import open_keyring
from cyberdesk.core.embedded.ports import listen_locally
from tests.asking import answers_ok

HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: desk.example\r\n\r\n"


@pytest.fixture(scope="module")
def port(schema, server_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("wire")
    open_keyring(folder / "secrets" / "keyring.json", create=True)
    with listen_locally() as held:
        free = held.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "CYBERDESK_DATA_DIR": str(folder),
        "CYBERDESK_DATABASE_URL": schema,
        "CYBERDESK_REDIS_URL": "unix:///nowhere",
    }
    command = [sys.executable, "-m", "cyberdesk", "web", "--port", str(free)]
    server = subprocess.Popen(command, env=environment)
    try:
        deadline = time.monotonic() + 30
        while not answers_ok("127.0.0.1", free, "/healthz"):
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)
        yield free
    finally:
        server.terminate()
        server.wait(20)


def answers(port, sent: bytes) -> list[bytes]:
    """Send these bytes and return the status lines that come back until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(sent)
        heard = b""
        while piece := line.recv(65536):
            heard += piece
    return [part[:3] for part in heard.split(b"HTTP/1.1 ")[1:]]


def request(*fields: bytes, body: bytes = b"") -> bytes:
    head = (b"POST /healthz HTTP/1.1", b"Host: desk.example", *fields)
    return b"\r\n".join(head) + b"\r\n\r\n" + body


CONFLICTS = {
    "a length and chunks": request(
        b"Content-Length: %d" % (5 + len(HIDDEN)),
        b"Transfer-Encoding: chunked",
        body=b"0\r\n\r\n",
    ),
    "chunks and a length": request(
        b"Transfer-Encoding: chunked", b"Content-Length: 5", body=b"0\r\n\r\n"
    ),
    "two lengths": request(b"Content-Length: 0", b"Content-Length: %d" % len(HIDDEN)),
    "two lengths in one": request(b"Content-Length: 0, %d" % len(HIDDEN)),
    "a signed length": request(b"Content-Length: +0"),
    "a length that is none": request(b"Content-Length: 0x0"),
    "a length below nothing": request(b"Content-Length: -1"),
    "a length with a space before its colon": request(b"Content-Length : %d" % len(HIDDEN)),
    "a folded length": request(b"X: y\r\n Content-Length: %d" % len(HIDDEN)),
    "an encoding that is none": request(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n"),
    "an encoding twice": request(
        b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", body=b"0\r\n\r\n"
    ),
    "an encoding in disguise": request(b"Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n"),
    "a chunk whose size is none": request(b"Transfer-Encoding: chunked", body=b"0x0\r\n\r\n"),
    "a chunk of a negative size": request(b"Transfer-Encoding: chunked", body=b"-1\r\n\r\n"),
}


@pytest.mark.parametrize("case", CONFLICTS, ids=lambda name: name.replace(" ", "-"))
def test_a_request_of_two_lengths_hides_no_other(port, case):
    heard = answers(port, CONFLICTS[case] + HIDDEN)
    assert heard[-1] in {b"400", b"501"}, heard
    assert b"200" not in heard, "what was hidden behind it was answered"


def test_requests_of_one_length_follow_each_other(port):
    """Without this the test above would pass on a server that answers nobody twice."""
    first = b"GET /healthz HTTP/1.1\r\nHost: desk.example\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: desk.example\r\nConnection: close\r\n\r\n"
    assert answers(port, first + last) == [b"200", b"200"]
    chunked = request(b"Transfer-Encoding: chunked", body=b"0\r\n\r\n")
    assert answers(port, chunked + last) == [b"405", b"200"]

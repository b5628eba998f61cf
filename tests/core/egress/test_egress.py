"""Nothing inside is reached from outside's addresses; whatever answers is bounded."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from cyberdesk.core.egress import Egress, EgressRefusedError, Rules, closed
from cyberdesk.core.egress.client import NoAnswerError

LOOPBACK = Rules.parse("127.0.0.1")


class Pages(BaseHTTPRequestHandler):
    seen: ClassVar[list] = []

    def do_GET(self):
        type(self).seen.append((self.path, dict(self.headers)))
        port = self.server.server_address[1]
        elsewhere = {
            "/inward": (302, "http://169.254.169.254/latest/meta-data"),
            "/around": (302, "/around"),
            "/away": (302, f"http://localhost:{port}/landed"),
            "/again": (307, f"http://localhost:{port}/landed"),
            "/port": (302, "http://127.0.0.1:9/landed"),
        }
        if self.path in elsewhere:
            status, address = elsewhere[self.path]
            return self.answer(status, {"Location": address})
        if self.path == "/endless":
            return self.endless()
        if self.path == "/slow":
            time.sleep(5)
        return self.answer(200, {}, b"hello")

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def answer(self, status, headers, body=b""):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def endless(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            return

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    Pages.seen = []
    made = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_address[1]}"
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://[fe80::1]/",
        "https://0.0.0.0/",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://2130706433/",
        "https://localhost/",
    ],
)
def test_inner_addresses_are_refused(url):
    with pytest.raises(EgressRefusedError):
        Egress().request("GET", url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://example.org/",
        "ftp://example.org/",
        "//example.org",
        "https://user:secret@example.org/",
        "https://exa mple.org/",
        "https://example.org:port/",
        "https:///path",
        "https://example.org/\r\nX: y",
        "https://" + "a" * 3000,
    ],
)
def test_what_is_no_plain_web_address_is_refused(url):
    with pytest.raises(EgressRefusedError):
        Egress(resolve=lambda *_: ["93.184.215.14"]).request("GET", url)


def test_plain_http_to_the_internet_is_refused():
    with pytest.raises(EgressRefusedError, match="sans TLS"):
        Egress(resolve=lambda *_: ["93.184.215.14"]).request("GET", "http://example.org/")


def test_one_inner_address_among_several_is_enough_to_refuse():
    egress = Egress(resolve=lambda *_: ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(EgressRefusedError, match=r"10\.0\.0\.1"):
        egress.request("GET", "https://example.org/")


def test_a_network_that_the_operator_allows_is_reached(server):
    answer = Egress(LOOPBACK).request("GET", f"{server}/")
    assert (answer.status, answer.body) == (200, b"hello")


def test_the_name_is_resolved_once_and_pinned(server):
    """DNS rebinding: the second answer of the name server is never asked for."""
    answers = iter([["127.0.0.1"]])
    port = server.rsplit(":", 1)[1]
    egress = Egress(LOOPBACK, resolve=lambda *_: next(answers))
    assert egress.request("GET", f"http://gateway.example:{port}/").ok
    assert Pages.seen[0][1]["Host"] == f"gateway.example:{port}"


def test_a_redirect_inward_is_judged_again(server):
    with pytest.raises(EgressRefusedError, match=r"169\.254"):
        Egress(LOOPBACK).request("GET", f"{server}/inward")


def test_redirects_end(server):
    with pytest.raises(EgressRefusedError, match="renvois"):
        Egress(LOOPBACK).request("GET", f"{server}/around")


def test_credentials_do_not_follow_to_another_host(server):
    egress = Egress(LOOPBACK, resolve=lambda *_: ["127.0.0.1"])
    egress.request("GET", f"{server}/away", headers={"Authorization": "Bearer secret"})
    assert "Authorization" in Pages.seen[0][1]
    assert Pages.seen[1][0] == "/landed"
    assert "Authorization" not in Pages.seen[1][1]


def test_an_endless_body_ends(server):
    with pytest.raises(EgressRefusedError, match="dépasse"):
        Egress(LOOPBACK, limit=1_000_000).request("GET", f"{server}/endless")


def test_a_slow_answer_is_given_up(server):
    began = time.monotonic()
    with pytest.raises(NoAnswerError):
        Egress(LOOPBACK, seconds=0.5).request("GET", f"{server}/slow")
    assert time.monotonic() - began < 3


def test_nobody_there_is_said():
    with pytest.raises(NoAnswerError):
        Egress(LOOPBACK, seconds=1).request("GET", "http://127.0.0.1:1/")


def test_in_an_exercise_nothing_leaves(server):
    with closed(), pytest.raises(EgressRefusedError, match="exercice"):
        Egress(LOOPBACK).request("GET", f"{server}/")
    assert Pages.seen == []


@pytest.mark.parametrize(
    "address",
    [
        "::127.0.0.1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "fec0::1",
        "fe80::1",
        "fc00::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "0.0.0.0",
        "100.64.0.1",
        "192.0.0.1",
        "198.18.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "224.0.0.1",
        "ff02::1",
    ],
)
def test_no_way_of_writing_an_inner_address_leads_inside(address):
    with pytest.raises(EgressRefusedError):
        Egress(resolve=lambda *_: [address]).request("GET", "https://example.org/")


@pytest.mark.parametrize(
    "url", ["http://2130706433/", "http://0x7f.1/", "http://017700000001/", "http://[::]/"]
)
def test_no_way_of_writing_a_number_leads_inside(url):
    with pytest.raises(EgressRefusedError):
        Egress().request("GET", url)


def test_a_body_is_not_sent_again_to_somebody_else(server):
    """307 keeps method and body: what was meant for one host would reach another."""
    egress = Egress(Rules.parse("127.0.0.1 ::1"))
    with pytest.raises(EgressRefusedError, match="ailleurs"):
        egress.request("POST", f"{server}/again", body=b"secret")
    assert [path for path, _headers in Pages.seen] == ["/again"]


def test_another_port_is_somebody_else(server):
    sent = []
    real = Egress._send

    class Noting(Egress):
        def _send(self, method, url, target, **more):
            sent.append(more["headers"])
            if url.endswith(":9/landed"):
                raise NoAnswerError("nobody")
            return real(self, method, url, target, **more)

    with pytest.raises(NoAnswerError):
        Noting(LOOPBACK).request("GET", f"{server}/port", headers={"Authorization": "Bearer x"})
    assert "Authorization" in sent[0]
    assert "Authorization" not in sent[1]

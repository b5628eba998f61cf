"""Telephones on a weak network take minutes to send a picture: nobody else waits for them."""

import http.client
import socket
import threading
from contextlib import ExitStack

import pytest
from werkzeug.serving import make_server

from cyberdesk.core import db

_BODY = b"csrf_token=&answer=" + b"x" * 3_000


@pytest.fixture
def port(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()


def slow(port: int, cookie: str) -> socket.socket:
    """Begin to send an answer, and stop in the middle of it."""
    sender = socket.create_connection(("127.0.0.1", port), timeout=10)
    sender.sendall(
        b"POST /declarer/etape/sees HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
        + f"Cookie: dossier={cookie}\r\nContent-Length: {len(_BODY)}\r\n\r\n".encode()
        + _BODY[:100]
    )
    return sender


def test_slow_senders_hold_no_connection_to_the_database(visitor, port, database):
    visitor.begin()
    many = database.engine.pool.size() + 3
    with ExitStack() as open_ones:
        senders = [open_ones.enter_context(slow(port, visitor.token)) for _ in range(many)]
        swift = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        swift.request("GET", "/declarer/etape/sees", headers={"Cookie": f"dossier={visitor.token}"})
        assert swift.getresponse().status == 200
        assert db.database().engine.pool.checkedout() == 0
        swift.close()
        senders[0].sendall(_BODY[100:])
        assert senders[0].recv(64).startswith(b"HTTP/1.1 400"), "without its token it is refused"

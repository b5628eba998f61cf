"""A real web server on loopback that keeps what it was asked and answers what it is told to."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from cyberdesk.core.egress import Rules, guard


class Asked(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes


class Site:
    """`answers(asked)` is (status, headers, body); it raises ConnectionError to hang up."""

    def __init__(self) -> None:
        self.seen: list[Asked] = []
        self.url = ""
        self.say(200)

    def say(self, status: int, body: Any = b"", **headers: str) -> None:
        """Answer this from now on."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers: Callable[[Asked], Any] = lambda _asked: (status, headers, raw)


@contextmanager
def web_server(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Open a site, and let connectors reach loopback meanwhile."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            low = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, low, self.rfile.read(length))
            site.seen.append(asked)
            try:
                status, headers, body = site.answers(asked)
            except ConnectionError:
                return
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    guard.use(Rules.parse("127.0.0.1"))
    try:
        yield site
    finally:
        guard.use(Rules())
        server.shutdown()
        server.server_close()

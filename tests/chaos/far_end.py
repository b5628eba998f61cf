"""What stands outside the house: an HTTP server and a mail server that count what reached them.

They are bad company on purpose: slow, sometimes busy, sometimes they act and break off before they
answer, so that nobody on the other side can know.
"""

import asyncio
import json
import random
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.house import free_port

BUSY, BREAKS_OFF = 0.04, 0.04  # shares of the calls
_SLOW = (0.05, 0.4)  # seconds a call takes
_VERY_SLOW, _VERY_SLOW_SHARE = 4.0, 0.03


class FarEnd:
    """Counts by kind and idempotency key how often each effect really happened."""

    def __init__(self, seed: int, address: str = "127.0.0.1") -> None:
        self.counts: dict[str, Counter[str]] = {
            kind: Counter() for kind in ("fold", "look", "blind", "mail")
        }
        self.steady: float | None = None  # seconds that every call takes from now on, faultless
        self._lock, self._random = threading.Lock(), random.Random(seed)
        self._http = ThreadingHTTPServer((address, 0), self._handler())
        self._http.daemon_threads = True
        self._mail = Controller(_Letterbox(self), hostname=address, port=free_port())

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        self._mail.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._mail.stop()

    @property
    def url(self) -> str:
        return f"http://{self._http.server_address[0]}:{self._http.server_address[1]}"

    @property
    def smtp_url(self) -> str:
        return f"smtp://{self._mail.hostname}:{self._mail.port}"

    def count(self, kind: str, key: str) -> int:
        with self._lock:
            return self.counts[kind][key]

    def act(self, kind: str, key: str) -> int:
        with self._lock:
            self.counts[kind][key] += 1
            return self.counts[kind][key]

    def mood(self) -> tuple[float, str]:
        """Return how long the next call takes, and whether it is `busy`, `breaks` or is `fine`."""
        if self.steady is not None:
            return self.steady, "fine"
        with self._lock:
            slow = self._random.random() < _VERY_SLOW_SHARE
            seconds = _VERY_SLOW if slow else self._random.uniform(*_SLOW)
            drawn = self._random.random()
        mood = "busy" if drawn < BUSY else "breaks" if drawn < BUSY + BREAKS_OFF else "fine"
        return seconds, mood

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        far = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:  # the library's name
                kind, key = self._asked()
                self._answer(200, {"count": far.count(kind, key)})

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                kind, key = self._asked()
                seconds, mood = far.mood()
                time.sleep(seconds / 2)
                if mood == "busy":
                    return self._answer(503, {})
                count = far.act(kind, key)
                time.sleep(seconds / 2)
                if mood == "breaks":
                    self.close_connection = True
                    return self.connection.close()
                return self._answer(200, {"count": count})

            def _asked(self) -> tuple[str, str]:
                _root, kind, key = self.path.split("/", 2)
                return kind, key

            def _answer(self, status: int, body: dict[str, Any]) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                """Say nothing: there are thousands of calls."""

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:  # the caller was killed
                    self.close_connection = True

        return Handler


class _Letterbox:
    """Takes every mail and counts it by its Message-ID, which is made from the idempotency key."""

    def __init__(self, far: FarEnd) -> None:
        self._far = far

    async def handle_DATA(  # noqa: N802  # the library's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        seconds, mood = self._far.mood()
        await asyncio.sleep(seconds)
        if mood == "busy":
            return "451 busy"
        head = (envelope.content or b"").decode(errors="replace").split("\n\n")[0]
        named = [line for line in head.splitlines() if line.lower().startswith("message-id:")]
        self._far.act("mail", named[0].partition(":")[2].strip() if named else "")
        if mood == "breaks":
            server.transport.abort()
        return "250 taken"

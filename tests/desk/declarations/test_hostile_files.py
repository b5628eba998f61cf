"""Half a gigabyte sent to the real web server: refused or kept, and never held in memory.

The server is the one that `cyberdesk web` starts, a process of its own; what it holds is what the
kernel says that it holds (VmHWM, the most that was ever resident).
"""

import http.client
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.keyring_file import open_keyring
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.embedded.ports import listen_locally
from cyberdesk.core.files.models import StoredFile
from tests.asking import answers_ok
from tests.factories.people import make_organisation

MEGABYTE = 1 << 20
PIECE = b"\xa5" * MEGABYTE
MOST_MORE = 48 * MEGABYTE  # that the server may come to hold for any of these
HEAD = (
    b'--frontier\r\nContent-Disposition: form-data; name="files"; filename="image.vhd"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n"
)
TAIL = b"\r\n--frontier--\r\n"


class Server:
    """The web server as a process, and a browser that has begun a declaration there."""

    def __init__(self, folder: Path, dsn: str, port: int) -> None:
        self.port, self.cookies = port, {}
        environment = {
            "PATH": os.environ["PATH"],
            "CYBERDESK_DATA_DIR": str(folder),
            "CYBERDESK_DATABASE_URL": dsn,
            "CYBERDESK_REDIS_URL": "unix:///nowhere",
            "TMPDIR": str(folder),
        }
        command = [sys.executable, "-m", "cyberdesk", "web", "--port", str(port)]
        self.process = subprocess.Popen(command, env=environment)
        for _ in range(300):
            if answers_ok("127.0.0.1", port, "/healthz"):
                return
            time.sleep(0.1)
        raise AssertionError("the server did not start")

    def held(self) -> int:
        """The most bytes that were ever resident in the processes that serve."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        peaks = []
        for pid in children.read_text().split():
            status = Path(f"/proc/{pid}/status").read_text()
            peaks.append(int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024)
        return max(peaks)

    def ask(self, method, address, body=None, headers=None, *, chunked=False):
        """Send one request as a browser does, and return its status, headers and text."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        given = {"Cookie": kept} | (headers or {})
        line.request(method, address, body, given, encode_chunked=chunked)
        answer = line.getresponse()
        for set_cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = set_cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer.status, answer.headers, answer.read().decode()

    def csrf(self, address):
        return re.search(r'name="csrf_token" value="([^"]+)"', self.ask("GET", address)[2]).group(1)

    def begin(self, commune) -> None:
        fields = f"organisation={commune.id}&csrf_token={self.csrf('/declarer')}"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert self.ask("POST", "/declarer", fields, form)[0] == 303

    def hand_in(self, megabytes: int, *, chunked: bool):
        """Send a file of so many megabytes, piece by piece."""
        token = self.csrf("/declarer/fichiers").encode()
        field = b'--frontier\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n'
        head = field + token + b"\r\n" + HEAD

        def pieces():
            yield head
            for _ in range(megabytes):
                yield PIECE
            yield TAIL

        size = len(head) + megabytes * MEGABYTE + len(TAIL)
        framed = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(size)}
        framed["Content-Type"] = "multipart/form-data; boundary=frontier"
        return self.ask("POST", "/declarer/fichiers", pieces(), framed, chunked=chunked)


@pytest.fixture
def server(database, schema, tmp_path):
    with listen_locally() as listener:
        port = int(listener.getsockname()[1])
    started = Server(tmp_path, schema, port)
    # The same keys as the process, so that this one can read what it kept.
    vault.use(open_keyring(tmp_path / "secrets" / "keyring.json", text="", create=False))
    yield started
    started.process.terminate()
    started.process.wait(10)


def kept():
    with atomic(SYSTEM) as session:
        return session.scalars(select(StoredFile)).all()


def test_half_a_gigabyte_is_refused_in_words_and_never_held(server, tmp_path):
    server.begin(make_organisation())
    server.hand_in(1, chunked=False)
    before = server.held()
    for chunked in (False, True):
        status, headers, _text = server.hand_in(500, chunked=chunked)
        assert (status, headers["Location"]) == (303, "/declarer/fichiers")
        assert "trop gros" in server.ask("GET", "/declarer/fichiers")[2]
    assert len(kept()) == 1
    assert server.held() - before < MOST_MORE
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 8 * MEGABYTE


def test_the_largest_file_that_is_taken_is_kept_sealed_and_never_held(server, tmp_path):
    server.begin(make_organisation())
    server.hand_in(1, chunked=False)
    before = server.held()
    status, headers, _text = server.hand_in(100, chunked=False)
    assert (status, headers["Location"]) == (303, "/declarer/fichiers")
    assert sorted(file.size for file in kept()) == [MEGABYTE, 100 * MEGABYTE]
    assert server.held() - before < MOST_MORE
    written = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert not any(PIECE[:64] in path.read_bytes() for path in written)

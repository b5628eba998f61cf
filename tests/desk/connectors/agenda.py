"""A real CalDAV server on loopback: Radicale, with one account and one calendar."""

import base64
import http.client
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

LOGIN = {"Authorization": "Basic " + base64.b64encode(b"desk:right").decode()}


class Agenda:
    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/desk/deadlines/"

    def ask(self, method: str, path: str = "") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, f"/desk/deadlines/{path}", headers=LOGIN)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body


@contextmanager
def agenda(folder: Path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "users").write_text("desk:right\n")
    command = [sys.executable, "-m", "radicale", "--config", "", "--hosts", f"127.0.0.1:{port}"]
    command += ["--auth-type", "htpasswd", "--auth-htpasswd-filename", str(folder / "users")]
    command += ["--auth-htpasswd-encryption", "plain", "--auth-delay", "0"]
    command += ["--storage-filesystem-folder", str(folder / "held")]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait(port, running, folder / "log")
        made = Agenda(port)
        status, said = made.ask("MKCALENDAR")
        assert status == 201, said
        yield made
    finally:
        running.terminate()
        running.wait(10)


def _wait(port, running, log: Path) -> None:
    for _ in range(200):
        if running.poll() is not None:
            break
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"Radicale does not start: {log.read_text()}")

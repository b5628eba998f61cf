"""A whole house: `cyberdesk up` in a fresh folder, with its real processes.

Benchmarks measure it, the chaos campaign (tests/chaos) kills parts of it.
"""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

from cyberdesk.core.embedded.postgres import Postgres
from cyberdesk.core.embedded.valkey import Valkey

_PATIENCE = 120.0  # seconds to get ready


class House:
    """Started, ended by whatever signal, and started again on the same folder and port."""

    def __init__(self, data: Path, *options: str, **environment: str) -> None:
        self.port = free_port()
        self.data, self.address = data, f"http://127.0.0.1:{self.port}"
        self.log = data.with_name(f"{data.name}.log")
        self._command = [sys.executable, "-m", "cyberdesk", "up", "--data", str(data)]
        self._command += ["--port", str(self.port), *options]
        self.environment = {**os.environ, **environment}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def dsn(self) -> str:
        """The database, for psycopg, as its owner."""
        return Postgres(self.data).dsn.replace("+psycopg", "")

    @property
    def redis_url(self) -> str:
        return Valkey(self.data).dsn

    @property
    def pid(self) -> int:
        assert self.process is not None, "the house is not open"
        return self.process.pid

    @property
    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def launch(self) -> None:
        """Start it and return at once."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, stdout=log, stderr=log, env=self.environment
            )

    def start(self) -> float:
        """Start it; return the seconds until it answered."""
        begun = time.perf_counter()
        self.launch()
        while not self.answers():
            if self.ended:
                raise RuntimeError(f"the house did not start\n{self.last_words()}")
            if time.perf_counter() - begun > _PATIENCE:
                raise RuntimeError(f"not ready in {_PATIENCE:g} s\n{self.last_words()}")
            time.sleep(0.02)
        return time.perf_counter() - begun

    def answers(self) -> bool:
        try:
            answer = urllib.request.urlopen(f"{self.address}/readyz", timeout=2)
        except (OSError, HTTPException):
            return False
        return bool(answer.status == 200)

    def stop(self) -> int:
        """End it as an operator does; return its exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    def resident_mb(self) -> dict[str, float]:
        """Proportional set size by process, in MB: pages that processes share count once."""
        return {f"{pid} {_name(pid)}": _pss(pid) / 1024 for pid in family(self.pid)}


@contextmanager
def house(*options: str, **environment: str) -> Iterator[House]:
    """Keep a house open until the block ends."""
    data = Path(tempfile.mkdtemp(prefix="cyberdesk-bench-"))
    opened = House(data, *options, **environment)
    try:
        opened.start()
        yield opened
    finally:
        if opened.process is not None and opened.process.poll() is None:
            opened.stop()
        shutil.rmtree(data, ignore_errors=True)
        opened.log.unlink(missing_ok=True)


def free_port() -> int:
    """Return a port that the kernel gives to nobody who asks for any: it stays ours to name."""
    while True:
        port = secrets.choice(range(20_000, 32_000))
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def family(pid: int) -> list[int]:
    """Return `pid` and everything below it."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def children(pid: int) -> list[int]:
    """Return the processes that any thread of `pid` has started."""
    found: list[int] = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, tasks.read_text().split())
        except OSError:
            continue
    return found


def command_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
    except OSError:
        return []


def _name(pid: int) -> str:
    command = command_of(pid)
    if "cyberdesk" in command:
        return command[command.index("cyberdesk") + 1]
    return Path(command[0].split(":")[0]).name if command else "?"


def _pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0

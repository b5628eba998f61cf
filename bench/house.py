"""A whole house for a benchmark: `cyberdesk up` in a fresh folder, with its real processes."""

import os
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
from dataclasses import dataclass
from pathlib import Path


@dataclass
class House:
    address: str
    data: Path
    process: subprocess.Popen
    seconds_to_ready: float

    def resident_mb(self) -> float:
        """Proportional set size of every process of the house, in MB: shared pages count once."""
        return sum(_pss(pid) for pid in _family(self.process.pid)) / 1024


@contextmanager
def house(*options: str, **environment: str) -> Iterator[House]:
    """Run a house until the block ends."""
    data = Path(tempfile.mkdtemp(prefix="cyberdesk-bench-"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "cyberdesk",
        "up",
        "--data",
        str(data),
        "--port",
        str(port),
        *options,
    ]
    begun = time.perf_counter()
    with (data / "bench.log").open("w") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, **environment}
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process, data)
        yield House(address, data, process, time.perf_counter() - begun)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        shutil.rmtree(data, ignore_errors=True)


def _wait(address: str, process: subprocess.Popen, data: Path) -> None:
    for _ in range(600):
        try:
            if urllib.request.urlopen(f"{address}/readyz", timeout=1).status == 200:
                return
        except OSError:
            if process.poll() is not None:
                raise SystemExit((data / "bench.log").read_text()) from None
        time.sleep(0.05)
    raise SystemExit("the house did not get ready in 30 s\n" + (data / "bench.log").read_text())


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        below = [int(child) for child in children.read_text().split()]
    except OSError:
        return []
    return [pid, *(one for child in below for one in _family(child))]


def _pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0

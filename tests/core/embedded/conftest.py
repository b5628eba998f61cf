import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cyberdesk.core.embedded.ports import listen_locally
from tests.asking import answers_ok

SMALL_HOUSE = Path(__file__).with_name("small_house.py")


@pytest.fixture
def data() -> Iterator[Path]:
    """A DATA of its own, short enough for sockets and open to the servers' account."""
    folder = Path(tempfile.mkdtemp(prefix="cyberdesk-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def port() -> int:
    with listen_locally() as listener:
        return int(listener.getsockname()[1])


class Up:
    """`cyberdesk up` as a process of its own, with small programs in the rooms of the large."""

    def __init__(self, data: Path, port: int, *more: str, environment: dict[str, str]) -> None:
        self.data, self.port = data, port
        self.said = data.with_name(f"{data.name}.out")
        command = [sys.executable, str(SMALL_HOUSE), "up", str(data), str(port), *more]
        with self.said.open("wb") as out:
            self.process = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, env=environment
            )

    def answers(self) -> bool:
        return answers_ok("127.0.0.1", self.port, "/readyz")

    def wait_for(self, words: str) -> str:
        eventually(lambda: words in self.output(), f"{words!r} in {self.output()}")
        return self.output()

    def output(self) -> str:
        return self.said.read_text()


@pytest.fixture
def up(data: Path, port: int) -> Iterator[Callable[..., Up]]:
    """Start an Up over `data`; all that were started are ended."""
    started: list[Up] = []

    def start(*more: str, **environment: str) -> Up:
        started.append(Up(data, port, *more, environment={"PATH": "/usr/bin:/bin", **environment}))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        one.said.unlink(missing_ok=True)


def eventually(holds: Callable[[], object], what: str = "", within: float = 40.0) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, what or "it did not come to hold"
        time.sleep(0.02)

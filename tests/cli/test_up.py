"""The whole house as an operator starts it, with every process that it really has."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest
from click.testing import CliRunner

from cyberdesk.cli import main
from cyberdesk.core.embedded.ports import listen_locally
from tests.asking import answers_ok


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cyberdesk-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


class OpenHouse:
    """`cyberdesk up` on a port of its own, read line by line."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def hear(self, words: str) -> None:
        """Return once it has said them."""
        said = []
        for line in self.process.stdout:
            said.append(line)
            if words in line:
                return
        raise AssertionError("".join(said))


@contextmanager
def open_house(data: Path, *more: str) -> Iterator[OpenHouse]:
    with listen_locally() as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "cyberdesk", "up", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(
        [*command, *more],
        env={"PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            house = OpenHouse(process, port)
            house.hear("Stop it with Ctrl-C.")
            yield house
        finally:
            process.kill()


def test_one_command_opens_everything_and_closes_it(data: Path) -> None:
    with open_house(data, "--workers", "1") as house:
        assert answers_ok("127.0.0.1", house.port, "/readyz")
        time.sleep(0.5)
        house.process.send_signal(signal.SIGTERM)
        rest = house.process.stdout.read()
    assert house.process.returncode == 0, rest
    assert rest.endswith("Stopped.\n")
    assert "!" not in rest, "nothing died meanwhile"


class Visitors:
    """They ask for a page again and again, each over a connection of its own, and are patient."""

    def __init__(self, port: int) -> None:
        self.address = ("127.0.0.1", port)
        self.came: list[tuple[float, float, str]] = []  # asked when, done when, what they got
        self._gone = threading.Event()
        self._people = [threading.Thread(target=self._ask_on) for _ in range(4)]

    def __enter__(self) -> Self:
        for person in self._people:
            person.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._gone.set()
        for person in self._people:
            person.join()

    def _ask_on(self) -> None:
        while not self._gone.is_set():
            asked = time.monotonic()
            self.came.append((asked, *self._ask()))
            time.sleep(0.02)

    def _ask(self) -> tuple[float, str]:
        client = http.client.HTTPConnection(*self.address, timeout=60)
        try:
            client.request("GET", "/readyz")
            got = str(client.getresponse().status)
        except (OSError, http.client.HTTPException) as error:
            got = type(error).__name__
        finally:
            client.close()
        return time.monotonic(), got


def master_of(house: OpenHouse) -> int:
    """The process of gunicorn that `up` itself started."""
    children = Path(f"/proc/{house.process.pid}/task/{house.process.pid}/children").read_text()
    (master,) = [
        int(child)
        for child in children.split()
        if b"\0web\0" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    return master


@pytest.mark.chaos
def test_while_a_killed_web_is_away_people_wait_and_none_is_refused(data: Path) -> None:
    with open_house(data, "--workers", "0") as house, Visitors(house.port) as visitors:
        while not visitors.came:
            time.sleep(0.01)
        master = master_of(house)
        os.kill(master, signal.SIGKILL)
        house.hear("web        ! was ended by signal 9")
        away = time.monotonic()
        answered = len(visitors.came)
        while len(visitors.came) < answered + 40:
            time.sleep(0.05)
        assert master_of(house) != master
    after = [got for asked, _, got in visitors.came if asked > away]
    assert set(after) == {"200"}, "whoever came after is answered"
    longest = max(done - asked for asked, done, _ in visitors.came)
    assert longest > 0.2, "somebody came while nobody was there"
    assert "ConnectionRefusedError" not in {got for *_, got in visitors.came}


def test_settings_that_are_refused_end_the_start_at_once_with_one_message(data: Path) -> None:
    with listen_locally() as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "cyberdesk", "up", "--data", str(data), "--port", str(port)]
    unsafe = {"PATH": "/usr/bin:/bin", "CYBERDESK_PRODUCTION": "1"}
    told = subprocess.run(command, env=unsafe, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert told.stdout.count("CYBERDESK_SECRET_KEY must be set in production") == 1
    assert told.stderr.startswith("Error: CyberDesk does not start with these settings.\n")
    assert "again" not in told.stdout
    assert "Traceback" not in told.stdout + told.stderr


def test_each_command_is_found_by_its_module_and_says_what_it_is_for() -> None:
    told = CliRunner().invoke(main, ["--help"])
    assert told.exit_code == 0
    for name in ("up", "init", "web", "worker", "sweeper", "mailcatcher"):
        assert f"\n  {name} " in told.output


def test_a_refusal_is_told_in_one_breath_with_what_to_do(data: Path) -> None:
    with listen_locally() as listener:
        port = listener.getsockname()[1]
        told = CliRunner().invoke(main, ["up", "--data", str(data), "--port", str(port)])
    assert told.exit_code == 1
    assert told.output.startswith(f"Error: Port {port} of 127.0.0.1 is taken by another program.\n")
    assert "Traceback" not in told.output


def test_a_folder_that_cannot_be_written_is_told_without_a_traceback() -> None:
    told = CliRunner().invoke(main, ["up", "--data", "/proc/cyberdesk"])
    assert told.exit_code == 1
    assert told.output.startswith("Error: Nothing can be written to /proc/cyberdesk: ")


@pytest.mark.parametrize(
    ("given", "said", "code"),
    [
        ({}, "CYBERDESK_DATABASE_URL is not set", os.EX_CONFIG),
        (
            {"DATABASE_URL": "postgresql://a:hush@127.0.0.1:1/a", "REDIS_URL": "unix:///n"},
            "port 1",
            1,  # it may come back
        ),
        (
            {"DATABASE_URL": "x://", "REDIS_URL": "x://", "PRODUCTION": "1"},
            "CYBERDESK_SECRET_KEY must be set",
            os.EX_CONFIG,
        ),
    ],
)
def test_what_an_operator_mends_is_told_without_a_traceback(
    data: Path, given: dict, said: str, code: int
) -> None:
    environment = {f"CYBERDESK_{name}": value for name, value in given.items()}
    told = CliRunner(env={"CYBERDESK_DATA_DIR": str(data), **environment}).invoke(main, ["init"])
    assert told.exit_code == code
    assert said in told.output
    assert "hush" not in told.output


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(main, ["no-such-thing"]).exit_code == 2

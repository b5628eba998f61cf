"""The whole house as an operator starts it, with every process that it really has."""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from cyberdesk.cli import main
from cyberdesk.core.embedded.ports import answers_ok, listen_locally


@pytest.fixture
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cyberdesk-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_one_command_opens_everything_and_closes_it(data: Path) -> None:
    with listen_locally() as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "cyberdesk", "up", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(
        [*command, "--workers", "1"],
        env={"PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as house:
        try:
            said = []
            for line in house.stdout:
                said.append(line)
                if "Stop it with Ctrl-C." in line:
                    break
            assert answers_ok("127.0.0.1", port, "/readyz"), "".join(said)
            time.sleep(0.5)
            house.send_signal(signal.SIGTERM)
            rest = house.stdout.read()
        finally:
            house.kill()
    assert house.returncode == 0, rest
    assert rest.endswith("Stopped.\n")
    assert "!" not in rest, "nothing died meanwhile"


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


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "CYBERDESK_DATABASE_URL is not set"),
        ({"DATABASE_URL": "postgresql://a:hush@127.0.0.1:1/a", "REDIS_URL": "unix:///n"}, "port 1"),
        (
            {"DATABASE_URL": "x://", "REDIS_URL": "x://", "PRODUCTION": "1"},
            "CYBERDESK_SECRET_KEY must be set",
        ),
    ],
)
def test_what_an_operator_mends_is_told_without_a_traceback(
    data: Path, given: dict, said: str
) -> None:
    environment = {f"CYBERDESK_{name}": value for name, value in given.items()}
    told = CliRunner(env={"CYBERDESK_DATA_DIR": str(data), **environment}).invoke(main, ["init"])
    assert told.exit_code == 1
    assert said in told.output
    assert "hush" not in told.output


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(main, ["no-such-thing"]).exit_code == 2

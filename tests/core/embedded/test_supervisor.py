import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cyberdesk.core.embedded.console import Console
from cyberdesk.core.embedded.errors import EmbeddedError
from cyberdesk.core.embedded.keeper import Backoff
from cyberdesk.core.embedded.program import Program
from cyberdesk.core.embedded.supervisor import StopAskedError, Supervisor

from .conftest import eventually


def python(name: str, code: str, **options: object) -> Program:
    return Program(name=name, command=[sys.executable, "-uc", code], **options)


@pytest.fixture
def out() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def text(out: io.TextIOWrapper) -> str:
    return out.buffer.getvalue().decode()


@pytest.fixture
def supervisor(out: io.TextIOWrapper) -> Iterator[Supervisor]:
    with Supervisor(Console(out)) as supervisor:
        yield supervisor


def run_until(supervisor: Supervisor, holds: Callable[[], object]) -> None:
    """Run it until `holds`, as told by a thread that then asks for the end by signal."""

    def watch() -> None:
        eventually(holds)
        os.kill(os.getpid(), signal.SIGTERM)

    watcher = threading.Thread(target=watch)
    watcher.start()
    with pytest.raises(StopAskedError):
        supervisor.run()
    watcher.join()


def test_lines_carry_the_name_and_no_escape_sequence(supervisor, out) -> None:
    supervisor.start(python("talker", r"print('bonjour\033[2J'); import time; time.sleep(60)"))
    run_until(supervisor, lambda: "bonjour" in text(out))
    assert "talker     │ bonjour\N{REPLACEMENT CHARACTER}[2J\n" in text(out)


def test_it_waits_until_each_is_ready(supervisor, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    code = (
        f"import time, pathlib; time.sleep(.3); pathlib.Path({str(flag)!r}).touch(); time.sleep(60)"
    )
    supervisor.start(python("slow", code, ready=lambda _pid: flag.exists()))
    assert flag.exists()


def test_the_dead_are_started_again_and_a_crash_loop_is_said(supervisor, out, monkeypatch) -> None:
    monkeypatch.setattr("cyberdesk.core.embedded.keeper.FIRST_DELAY", 0.01)
    supervisor.start(python("dying", "import time; time.sleep(.05); raise SystemExit(3)"))
    run_until(supervisor, lambda: "died 5 times in a row: see its last lines above" in text(out))
    assert "dying      ! ended with code 3; starting it again in 0.01 s" in text(out)
    assert "starting it again in 0.04 s" in text(out)


def test_the_delay_doubles_up_to_its_limit_and_health_forgives() -> None:
    backoff = Backoff()
    assert [backoff.after_life_of(1) for _ in range(7)] == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
    assert backoff.after_life_of(31) == 0.2


def test_one_that_never_was_ready_ends_the_start(supervisor, monkeypatch) -> None:
    monkeypatch.setattr("cyberdesk.core.embedded.keeper.FIRST_DELAY", 0.01)
    broken = python("broken", "raise SystemExit(9)", ready=lambda _pid: False)
    with pytest.raises(EmbeddedError, match=r"broken does not start: ended with code 9\."):
        supervisor.start(broken)


def test_one_that_stays_silent_ends_the_start(supervisor) -> None:
    mute = python("mute", "import time; time.sleep(60)", ready=lambda _pid: False)
    with pytest.raises(EmbeddedError, match=r"mute did not answer within 0.3 s"):
        supervisor.start(mute, within=0.3)


def test_run_once_hands_over_each_line_and_refuses_a_failure(supervisor) -> None:
    lines: list[str] = []
    supervisor.run_once(python("init", "print('a'); print('b', end='')"), lines.append)
    assert lines == ["a", "b"]
    with pytest.raises(EmbeddedError, match=r"init ended with code 1\."):
        supervisor.run_once(python("init", "raise SystemExit(1)"), lines.append)


def test_what_refuses_its_settings_is_not_begun_again(supervisor, out) -> None:
    lines: list[str] = []
    with pytest.raises(EmbeddedError, match=r"settings\.\nChange what init names above"):
        supervisor.run_once(python("init", "print('Error: …'); raise SystemExit(78)"), lines.append)
    assert lines == ["Error: …"]
    assert text(out) == ""


def test_what_failed_is_begun_again_once_its_servers_are_back(supervisor, out, tmp_path) -> None:
    flag, tries = tmp_path / "flag", tmp_path / "tries"
    server = "import time, pathlib; time.sleep(.5); pathlib.Path({!r}).touch(); time.sleep(60)"
    stage = supervisor.begin(
        python("server", server.format(str(flag)), ready=lambda _pid: flag.exists())
    )
    errand = (
        f"import pathlib; t = pathlib.Path({str(tries)!r}); f = pathlib.Path({str(flag)!r})\n"
        "t.open('a').write('x'); raise SystemExit(0 if f.exists() else 1)"
    )
    supervisor.run_once(python("demo", errand), print, needs=stage)
    assert tries.read_text() == "xx", "it waited for its server, and ran once with it"
    assert "demo       ! ended with code 1; beginning it again" in text(out)


def test_stages_end_in_reverse_and_the_deaf_by_force(out, tmp_path: Path) -> None:
    told = tmp_path / "told"
    polite = f"""
import signal, sys, time, pathlib
def end(*_):
    with open({str(told)!r}, "a") as out: out.write(sys.argv[1] + " ")
    sys.exit()
signal.signal(signal.SIGTERM, end); print("up"); time.sleep(60)"""
    deaf = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN); print("up"); time.sleep(60)"""
    with Supervisor(Console(out)) as supervisor:
        for name in ("first", "second"):
            command = [sys.executable, "-uc", polite, name]
            supervisor.start(Program(name=name, command=command))
        supervisor.start(python("deaf", deaf, patience=0.5))
        run_until(supervisor, lambda: text(out).count("up\n") == 3)
        began = time.monotonic()
    assert time.monotonic() - began < 5
    assert told.read_text() == "second first "
    assert "deaf       ! does not stop; ended by force" in text(out)


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and ") Z " not in stat.read_text()


def test_its_whole_process_group_ends_with_a_child(supervisor, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    pids.touch()
    code = f"""
import subprocess, sys, time, pathlib
kid = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
with open({str(pids)!r}, "a") as out: print(kid.pid, file=out)
time.sleep(.1); raise SystemExit(1)"""
    supervisor.start(python("parent", code))
    run_until(supervisor, lambda: len(pids.read_text().split()) > 1)
    first = int(pids.read_text().split()[0])
    eventually(lambda: not alive(first))

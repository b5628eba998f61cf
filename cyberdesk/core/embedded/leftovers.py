"""Processes of a former life that still hold our files. Linux: /proc tells; elsewhere, nothing."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PROC = Path("/proc")


def working_in(folder: Path) -> list[int]:
    """Pids whose working directory is `folder`: every PostgreSQL process stays in its cluster."""
    wanted = str(folder.resolve())
    return [pid for pid in _pids() if _link(pid, "cwd") in {wanted, f"{wanted} (deleted)"}]


def marked(variable: str, value: str) -> list[int]:
    """Pids born with `variable=value` in their environment, this process excepted."""
    wanted = os.fsencode(f"{variable}={value}")
    return [pid for pid in _pids() if pid != os.getpid() and wanted in _environment(pid)]


def end(find: Callable[[], list[int]], *, gently: signal.Signals, patience: float = 5.0) -> int:
    """End whatever `find` finds, `gently` first, by SIGKILL after `patience` seconds. Their number.

    Only for a caller that holds the lock of what they use: nothing alive can own them then.
    """
    first = find()
    for number in (gently, signal.SIGKILL):
        _send(find(), number)
        deadline = time.monotonic() + patience
        while find() and time.monotonic() < deadline:
            time.sleep(0.02)
    return len(first)


def _send(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _pids() -> Iterator[int]:
    with contextlib.suppress(FileNotFoundError):
        yield from (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())


def _link(pid: int, name: str) -> str:
    try:
        return os.readlink(PROC / str(pid) / name)  # noqa: PTH115 - the raw text, "(deleted)" included
    except OSError:
        return ""


def _environment(pid: int) -> set[bytes]:
    try:
        return set((PROC / str(pid) / "environ").read_bytes().split(b"\0"))
    except OSError:
        return set()

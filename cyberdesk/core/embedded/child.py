"""One program, run as a child that cannot outlive this process."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from cyberdesk.core.embedded.account import Account
from cyberdesk.core.embedded.errors import EmbeddedError

LOG_LIMIT = 5_000_000  # bytes, after which a log is set aside at the next start
_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
# Loaded before any fork: between fork and exec only the call itself may happen.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run, and how to know, stop and bury it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path | None = None
    account: Account | None = None
    log: Path | None = None  # None: the output belongs to whoever starts it
    prepare: Callable[[], None] = lambda: None  # before every start, the first and the hundredth
    ready: Callable[[int], bool] = lambda _pid: True  # given the child's pid
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL  # when the parent is gone
    patience: float = 10.0  # seconds from the stop signal to SIGKILL


def die_with_parent(parent: int, orphan_signal: signal.Signals) -> None:
    """Ask the kernel for `orphan_signal` when the parent dies (prctl(2), Linux only).

    Call it in the child after any change of user, which clears the request.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(orphan_signal), 0, 0, 0)
    if os.getppid() != parent:  # it died before the request was made
        os._exit(1)


class Child:
    def __init__(self, program: Program, output: IO[bytes] | int | None = None) -> None:
        """Start it. `output` takes what it writes, unless the program has a log."""
        self.program = program
        program.prepare()
        log = open_log(program.log) if program.log else None
        try:
            self._process = self._spawn(log or output)
        finally:
            if log:
                log.close()
        self.pid = self._process.pid
        self.output = self._process.stdout

    def _spawn(self, output: IO[bytes] | int | None) -> subprocess.Popen[bytes]:
        parent, orphan_signal = os.getpid(), self.program.orphan_signal
        account = self.program.account
        return subprocess.Popen(  # noqa: S603 - the commands are ours
            list(self.program.command),
            env=dict(self.program.environment),
            cwd=self.program.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            process_group=0,
            preexec_fn=lambda: die_with_parent(parent, orphan_signal),  # noqa: PLW1509 - one thread
        )

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    @property
    def running(self) -> bool:
        return self.exit_code is None

    def ready(self) -> bool:
        return self.running and self.program.ready(self.pid)

    def wait_ready(self, within: float) -> None:
        """Return once it answers; raise with the last lines of its log when it does not."""
        name, deadline = self.program.name, time.monotonic() + within
        while not self.ready():
            if not self.running:
                raise EmbeddedError(
                    f"{self.program.name} {ended(self.exit_code)}.", hint=self.last_words()
                )
            if time.monotonic() > deadline:
                self.kill()
                message = f"{name} did not answer within {within:g} s."
                raise EmbeddedError(message, hint=self.last_words())
            time.sleep(0.01)

    def last_words(self, lines: int = 12) -> str:
        log = self.program.log
        if log is None or not log.exists():
            return ""
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])

    def send(self, number: signal.Signals) -> None:
        if self.running:
            self._process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL to its whole process group, and wait."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        self.send(self.program.stop_signal)
        try:
            self._process.wait(self.program.patience)
        except subprocess.TimeoutExpired:
            self.kill()


def ended(code: int | None) -> str:
    """In words: how a process with this exit code came to its end."""
    if code is not None and code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def open_log(path: Path) -> IO[bytes]:
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".old.log"))
    handle = path.open("ab")
    os.fchmod(handle.fileno(), 0o600)
    return handle

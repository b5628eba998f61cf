import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from functools import partial

from cyberdesk.core.embedded.errors import EmbeddedError
from cyberdesk.core.embedded.program import Program

ENDED_WELL = "ended with code 0"
REFUSED_SETTINGS = f"ended with code {os.EX_CONFIG}"
_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
# Loaded before any fork: between fork and exec only the call itself may happen.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(parent: int, orphan_signal: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel for `orphan_signal` when the parent dies (prctl(2), Linux only).

    Called in the child, after any change of user, which would clear the request.
    """
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(orphan_signal), 0, 0, 0)
    if os.getppid() != parent:  # it died before the request was made
        os._exit(1)


class Child:
    """A program that runs, in a process group of its own, and cannot outlive this process.

    Start it from a thread that stays: to the kernel, the thread that forks is the parent.
    """

    def __init__(self, program: Program) -> None:
        """Start it. Its output can be read from `output`, unless the program has a log."""
        self.program = program
        program.prepare()
        log = program.open_log()
        try:
            self._process = self._spawn(subprocess.PIPE if log is None else log)
        finally:
            if log is not None:
                os.close(log)
        self.pid = self._process.pid
        self.output = self._process.stdout

    def _spawn(self, output: int) -> subprocess.Popen[bytes]:
        program, account = self.program, self.program.account
        return subprocess.Popen(  # noqa: S603  # the commands are ours
            list(program.command),
            bufsize=0,
            env=dict(program.environment),
            cwd=program.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            process_group=0,
            pass_fds=program.handles,
            preexec_fn=partial(  # noqa: PLW1509  # it takes no lock
                die_with_parent, os.getpid(), program.orphan_signal
            ),
        )

    @property
    def running(self) -> bool:
        """Leaves the dead unburied, so that nobody else is given its number meanwhile."""
        if self._process.returncode is not None:
            return False
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def ready(self) -> bool:
        return self.running and self.program.ready(self.pid)

    def wait_ready(self, within: float) -> None:
        """Return once it answers; raise with the last lines of its log when it does not."""
        name, deadline = self.program.name, time.monotonic() + within
        while not self.ready():
            if not self.running:
                message = f"{name} {self.bury()}."
                raise EmbeddedError(message, hint=self.program.last_words())
            if time.monotonic() > deadline:
                self.bury()
                message = f"{name} did not answer within {within:g} s."
                raise EmbeddedError(message, hint=self.program.last_words())
            time.sleep(0.01)

    def send(self, number: signal.Signals) -> None:
        if self.running:
            self._process.send_signal(number)

    def stop(self) -> str:
        """Stop signal, patience, SIGKILL; return in words how it ended."""
        self.send(self.program.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(self.program.patience)
        return self.bury()

    def bury(self) -> str:
        """End its whole process group at once; return in words how the program itself ended."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        return _in_words(self._process.wait())


def _in_words(code: int) -> str:
    if code < 0:
        return f"was ended by signal {-code} ({signal.strsignal(-code)})"
    return f"ended with code {code}"

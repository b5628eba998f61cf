"""Runs programs in stages, keeps each of them alive, and takes all of them along when it ends."""

import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Self

from cyberdesk.core.embedded.console import Console
from cyberdesk.core.embedded.errand import Errand
from cyberdesk.core.embedded.errors import EmbeddedError
from cyberdesk.core.embedded.keeper import Keeper
from cyberdesk.core.embedded.program import Program

_STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StopAskedError(Exception):
    """A signal asked for the end: leave the supervisor's `with`, which stops everything."""


class Supervisor:
    """One thread, one loop. Use it in a `with`, from the main thread: it takes the signals."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stages: list[Sequence[Keeper]] = []
        self._selector = selectors.DefaultSelector()
        self._asked = 0
        self._heard = 0
        self._next: float | None = None  # when something is due, None: when something happens

    def __enter__(self) -> Self:
        self._bell, far = socket.socketpair()
        for end in (self._bell, far):
            end.setblocking(False)
        self._far = far
        self._selector.register(self._bell, selectors.EVENT_READ, lambda: self._bell.recv(4096))
        self._former_fd = signal.set_wakeup_fd(far.fileno(), warn_on_full_buffer=False)
        self._former = {number: signal.signal(number, self._ask) for number in _STOPPING}
        self._former[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_all()
        signal.set_wakeup_fd(self._former_fd)
        for number, handler in self._former.items():
            signal.signal(number, handler)
        self._selector.close()
        self._bell.close()
        self._far.close()

    def start(self, *programs: Program, within: float = 60.0) -> None:
        """Start a stage, all at once, and return when all of it is ready.

        Raises EmbeddedError when one dies again and again before it ever was, or takes too long.
        """
        self.wait(self.begin(*programs), within=within)

    def begin(self, *programs: Program) -> Sequence[Keeper]:
        """Let a stage start from the next turn on. Stages end in the reverse order."""
        stage = [Keeper(program, self._console, self._selector) for program in programs]
        self._stages.append(stage)
        self._next = time.monotonic()
        return stage

    def wait(self, stage: Sequence[Keeper], within: float = 60.0) -> None:
        """Return when all of the stage is ready. Raises EmbeddedError as `start` does."""
        deadline = time.monotonic() + within
        while not all(keeper.ready for keeper in stage):
            if time.monotonic() > deadline:
                late = ", ".join(keeper.program.name for keeper in stage if not keeper.ready)
                raise EmbeddedError(f"{late} did not answer within {within:g} s.")
            self._turn()

    def run_once(
        self, program: Program, show: Callable[[str], None], needs: Sequence[Keeper] = ()
    ) -> None:
        """Run a program to its end while the rest goes on. Raises EmbeddedError as `beside`."""
        with self.beside(program, show, needs):
            pass

    @contextmanager
    def beside(
        self, program: Program, show: Callable[[str], None], needs: Sequence[Keeper] = ()
    ) -> Iterator[None]:
        """Run a program beside the block, which ends when it has ended; `show` gets its lines.

        When it fails it is begun again as soon as what it `needs` is ready: a server may have
        died under it. Raises EmbeddedError when it fails again and again.
        """
        errand = Errand(program, show, self._console, self._selector)
        errand.begin()
        try:
            yield
            while not errand.done:
                self._turn(by=errand.due)
                errand.tend(time.monotonic(), calm=all(one.ready for one in needs))
        finally:
            errand.stop()

    def run(self) -> None:
        """Keep everything alive until a signal asks for the end (StopAskedError)."""
        while True:
            self._turn()

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked += 1

    def _turn(self, by: float | None = None) -> None:
        """Wait for what happens next, or until `by`, then do what is due."""
        times = [moment for moment in (self._next, by) if moment is not None]
        self._listen(min(times, default=None))
        if self._asked > self._heard:
            self._heard = self._asked
            raise StopAskedError
        now = time.monotonic()
        calls = [keeper.tend(now) for stage in self._stages for keeper in stage]
        self._next = min((call for call in calls if call is not None), default=None)

    def _listen(self, until: float | None) -> None:
        """Hand on output and signals, until then at the latest."""
        left = None if until is None else max(0.0, until - time.monotonic())
        for key, _ in self._selector.select(left):
            key.data()

    def _stop_all(self) -> None:
        while self._stages:
            self._stop(self._stages.pop())

    def _stop(self, stage: Sequence[Keeper]) -> None:
        """Ask, wait as long as each is worth it, end. A second signal ends the patience."""
        asked_at = time.monotonic()
        for keeper in stage:
            keeper.ask_to_stop()
        while running := [keeper for keeper in stage if keeper.running]:
            now = time.monotonic()
            for keeper in running:
                if self._asked > self._heard or now > asked_at + keeper.program.patience:
                    self._console.alarm(keeper.program.name, "does not stop; ended by force")
                    keeper.bury()
            self._listen(now + 0.1)
        for keeper in stage:
            keeper.bury()

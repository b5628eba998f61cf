"""Keeps one program running: starts it, shows what it writes, starts it again when it dies."""

import selectors

from cyberdesk.core.embedded.child import Child
from cyberdesk.core.embedded.console import Console
from cyberdesk.core.embedded.errors import EmbeddedError
from cyberdesk.core.embedded.outlet import Outlet
from cyberdesk.core.embedded.program import Program

FIRST_DELAY, LONGEST_DELAY = 0.2, 5.0  # seconds
HEALTHY_AFTER = 30.0  # seconds of life, after which former deaths are forgotten
PROBE_EVERY = 0.02
MANY_DEATHS = 5
FIRST_ATTEMPTS = 3


class Backoff:
    """How long to wait before the next start: twice as long after each death in a row."""

    def __init__(self) -> None:
        self.deaths = 0

    def after_life_of(self, seconds: float) -> float:
        self.deaths = 1 if seconds >= HEALTHY_AFTER else self.deaths + 1
        return min(FIRST_DELAY * 2.0 ** (self.deaths - 1), LONGEST_DELAY)


class Keeper:
    def __init__(
        self,
        program: Program,
        console: Console,
        selector: selectors.BaseSelector,
    ) -> None:
        self.program = program
        self.ready = False
        self._ever_ready = False
        self._console = console
        self._selector = selector
        self._backoff = Backoff()
        self._child: Child | None = None
        self._outlet: Outlet | None = None
        self._due = 0.0  # when to start (again)
        self._born = 0.0

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.running

    def tend(self, now: float) -> float | None:
        """Do what is due; return when to be called again, None for when it dies."""
        if self._child is not None and not self._child.running:
            self._note_death(self.bury(), now)
        elif self._child is None and now >= self._due:
            self._start(now)
        if self._child is not None and not self.ready:
            self.ready = self._child.ready()
            self._ever_ready |= self.ready
        return self._next(now)

    def _next(self, now: float) -> float | None:
        if self._child is None:
            return self._due
        return None if self.ready else now + PROBE_EVERY

    def _start(self, now: float) -> None:
        self._born = now
        try:
            self._child = Child(self.program)
        except (EmbeddedError, OSError) as error:
            if not self._ever_ready:
                raise
            self._note_death(f"cannot start: {error}", now)
        else:
            pipe = self._child.output
            self._outlet = Outlet(pipe, self._show, self._selector) if pipe else None

    def _note_death(self, how: str, now: float) -> None:
        delay = self._backoff.after_life_of(now - self._born)
        self.ready, self._due = False, now + delay
        deaths, name = self._backoff.deaths, self.program.name
        if not self._ever_ready and deaths >= FIRST_ATTEMPTS:
            hint = self.program.last_words() or "Its last lines above say why."
            raise EmbeddedError(f"{name} does not start: {how}.", hint=hint)
        self._console.alarm(name, f"{how}; starting it again in {delay:g} s")
        if deaths >= MANY_DEATHS:
            self._console.alarm(name, f"died {deaths} times in a row: {self._where_to_look()}")

    def _where_to_look(self) -> str:
        return f"see {self.program.log}" if self.program.log else "see its last lines above"

    def _show(self, text: str) -> None:
        self._console.line(self.program.name, text)

    def ask_to_stop(self) -> None:
        if self._child is not None:
            self._child.send(self.program.stop_signal)

    def bury(self) -> str:
        """End it at once and everything of its process group; say how it ended."""
        if self._child is None:
            return ""
        how, self._child, self.ready = self._child.bury(), None, False
        if self._outlet is not None:
            self._outlet.close()
        return how

"""Runs one program to its end, and begins again what died halfway, as long as that has a chance."""

import selectors
from collections.abc import Callable

from cyberdesk.core.embedded.child import ENDED_WELL, REFUSED_SETTINGS, Child
from cyberdesk.core.embedded.console import Console
from cyberdesk.core.embedded.errors import EmbeddedError
from cyberdesk.core.embedded.keeper import Backoff
from cyberdesk.core.embedded.outlet import Outlet
from cyberdesk.core.embedded.program import Program

ATTEMPTS = 4
PROBE_EVERY = 0.05  # seconds between looks at what it waits for


class Errand:
    """A program that ends by itself, and is harmless when repeated."""

    def __init__(
        self,
        program: Program,
        show: Callable[[str], None],
        console: Console,
        selector: selectors.BaseSelector,
    ) -> None:
        self.program = program
        self.done = False
        self.due: float | None = None  # when to look again, None for when it ends
        self._show, self._console, self._selector = show, console, selector
        self._backoff = Backoff()
        self._child: Child | None = None
        self._outlet: Outlet | None = None

    def begin(self) -> None:
        self._child = Child(self.program)
        pipe = self._child.output
        self._outlet = Outlet(pipe, self._show, self._selector) if pipe else None
        self.due = None

    def tend(self, now: float, *, calm: bool) -> None:
        """Do what is due; begin anew only when all that it needs is there again (`calm`).

        Raises EmbeddedError when it has failed often enough, at once when it refuses its settings.
        """
        if self._child is not None and not self._child.running:
            self._judge(self.stop(), now)
        elif self.due is not None and now >= self.due:
            self.due = now + PROBE_EVERY
            if calm:
                self.begin()

    def stop(self) -> str:
        """End it if it runs; return in words how it ended."""
        how = self._child.stop() if self._child else ""
        if self._outlet:
            self._outlet.close()
        self._child = self._outlet = None
        return how

    def _judge(self, how: str, now: float) -> None:
        self.done = how == ENDED_WELL
        if self.done:
            return
        delay, name = self._backoff.after_life_of(0), self.program.name
        if how == REFUSED_SETTINGS:
            raise EmbeddedError(
                "CyberDesk does not start with these settings.",
                hint=f"Change what {name} names above, then start it again.",
            )
        if self._backoff.deaths >= ATTEMPTS:
            raise EmbeddedError(f"{name} {how}.", hint="Its last lines above say why.")
        self._console.alarm(name, f"{how}; beginning it again in {delay:g} s")
        self.due = now + delay

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cyberdesk.core.embedded.account import Account

LOG_LIMIT = 5_000_000  # bytes, after which a log is set aside at the next start


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run, and how to know, stop and bury it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path | None = None  # where it works; None: where we do
    account: Account | None = None  # whom it runs as; None: as ourselves
    handles: Sequence[int] = ()  # open files that it inherits under the same numbers
    log: Path | None = None  # where its output goes; None: to whoever starts it
    prepare: Callable[[], None] = lambda: None  # before every start, the first and the hundredth
    ready: Callable[[int], bool] = lambda _pid: True  # whether it answers; given its pid
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL  # what it gets when we are gone
    patience: float = 10.0  # seconds from the stop signal to SIGKILL

    def open_log(self) -> int | None:
        """Return a handle to append to, readable by us alone."""
        if self.log is None:
            return None
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old.log"))
        return os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def last_words(self, lines: int = 12) -> str:
        if self.log is None or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

"""What PostgreSQL and Valkey have in common when this machine runs them for CyberDesk alone."""

import os
import signal
from abc import ABC, abstractmethod
from functools import partial
from pathlib import Path

from cyberdesk.core.embedded import leftovers
from cyberdesk.core.embedded.account import server_account
from cyberdesk.core.embedded.child import Child
from cyberdesk.core.embedded.lock import FolderLock
from cyberdesk.core.embedded.places import REFUGE, Places
from cyberdesk.core.embedded.program import Program


class Server(ABC):
    """Its files lie in DATA/name, its socket in a private folder, its log in DATA/log."""

    name: str
    stop_signal: signal.Signals
    patience_to_answer = 30.0  # seconds

    def __init__(self, data: Path, *, durable: bool = True, refuge: Path = REFUGE) -> None:
        """`durable=False` survives the death of every process, not a power cut: for tests only."""
        self.data = data.absolute()
        self.durable = durable
        account = server_account(self.data / self.name, self.data)
        self.places = Places(self.data, account, refuge)
        self._lock = FolderLock(self.data / f"{self.name}.lock", holds=f"{self.data}/{self.name}")
        self._child: Child | None = None

    @property
    @abstractmethod
    def dsn(self) -> str:
        """The URL that clients use. Known before the server runs."""

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def prepare(self) -> None:
        """Lay out what one start needs. Nothing of a former life is running any more."""

    @abstractmethod
    def answers(self, pid: int) -> bool: ...

    @property
    def folder(self) -> Path:
        return self.places.server_folder(self.name)

    @property
    def log(self) -> Path:
        return self.data / "log" / f"{self.name}.log"

    def start(self) -> str:
        """Start, wait until it answers, return its DSN."""
        self._child = Child(self.program())
        try:
            self._child.wait_ready(self.patience_to_answer)
        except BaseException:
            self.stop()
            raise
        return self.dsn

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None
        self.release()

    def alive(self) -> bool:
        return self._child is not None and self._child.ready()

    def release(self) -> None:
        """Let another have the folder."""
        self.places.tidy()
        self._lock.release()

    def program(self) -> Program:
        """Return what a supervisor runs. Takes the lock of the folder, until `release`."""
        self.places.prepare()
        self._lock.acquire()
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        return Program(
            name=self.name,
            command=self.command(),
            environment=bare_environment(),
            folder=Path("/"),
            account=self.places.account,
            log=self.log,
            prepare=self._prepare,
            ready=self.answers,
            stop_signal=self.stop_signal,
            orphan_signal=self.stop_signal,
        )

    def working_folders(self) -> list[Path]:
        """Folders in which only this server's processes work."""
        return [self.folder]

    def _prepare(self) -> None:
        for folder in self.working_folders():
            leftovers.end(partial(leftovers.working_in, folder), gently=self.stop_signal)
        self.places.check_owner(self.folder)
        self.places.make_private(self.places.sockets())
        self.prepare()


def bare_environment() -> dict[str, str]:
    """Nothing of ours: no secret reaches the servers, no PG* variable disturbs them."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

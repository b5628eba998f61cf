import fcntl
import os
from pathlib import Path

from cyberdesk.core.embedded.errors import EmbeddedError


class FolderLock:
    """One holder at a time, on this machine, of whatever `path` stands for.

    The kernel drops an flock with its process, so that a lock left by `kill -9` is never stale.
    """

    def __init__(self, path: Path, *, holds: str) -> None:
        self.path = path
        self._holds = holds
        self._handle: int | None = None

    def acquire(self) -> None:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            raise EmbeddedError(
                f"{self._holds} is already in use by process {holder}.",
                hint=f"Stop it first (kill {holder}), or choose another folder with --data.",
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._handle = handle

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

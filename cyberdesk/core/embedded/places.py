"""Where the servers' files lie: inside DATA, unless their account or the kernel cannot go there."""

import contextlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cyberdesk.core.embedded.account import Account, give
from cyberdesk.core.embedded.errors import EmbeddedError

REFUGE = Path("/var/lib/cyberdesk")  # for root, when DATA lies where the account may not go
SOCKET_PATH_LIMIT = 107  # bytes: sun_path holds 108 with its NUL, unix(7)
_MB = 1 << 20
_LONGEST_SOCKET = len("/.s.PGSQL.5432.lock")


@dataclass(frozen=True)
class Places:
    data: Path
    account: Account | None
    refuge: Path = REFUGE

    def prepare(self) -> None:
        """Make DATA, private to its owner but for the passage that the servers' account needs."""
        self._make_writable()
        owner = self.data.stat()
        if self.account and owner.st_uid == os.geteuid() and owner.st_mode & 0o077 == 0:
            os.chown(self.data, -1, self.account.gid)
            self.data.chmod(stat.S_IMODE(owner.st_mode) | stat.S_IXGRP)

    def _make_writable(self) -> None:
        try:
            self.data.mkdir(parents=True, mode=0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.data):
                pass
        except OSError as error:
            raise EmbeddedError(
                f"Nothing can be written to {self.data}: {error.strerror}.",
                hint="Give the folder to the account that starts CyberDesk, or choose another "
                "with --data.",
            ) from error

    def refuse_full(self, least: int) -> None:
        """Refuse a disk with less than `least` bytes for us: a server would die in the middle."""
        left = shutil.disk_usage(self.data).free
        if left < least:
            raise EmbeddedError(
                f"The disk of {self.data} has {left // _MB} MB left; {least // _MB} MB are needed.",
                hint="Make room on it, or choose a folder elsewhere with --data.",
            )

    @property
    def _reachable(self) -> bool:
        return self.account is None or self.account.may_enter(self.data)

    def server_folder(self, name: str) -> Path:
        """DATA/name; a link to the refuge stands there when the account cannot enter DATA."""
        wished = self.data / name
        if wished.is_symlink():
            return wished.resolve()
        if self._reachable or wished.exists():
            return wished
        # A new name each time: data of a deleted DATA must not rise again in another.
        real = self.refuge / f"{name}-{os.urandom(8).hex()}"
        _make_passage(self.refuge)
        wished.symlink_to(real)
        return real

    def sockets(self) -> Path:
        """A private folder whose socket paths fit the kernel's limit; the same for one DATA."""
        wished = self.data / "run"
        if self._reachable and len(os.fsencode(wished)) + _LONGEST_SOCKET <= SOCKET_PATH_LIMIT:
            return wished
        about = self.data.stat()
        return _runtime_base() / f"cyberdesk-{about.st_dev:x}-{about.st_ino:x}"

    def check_owner(self, folder: Path) -> None:
        """Refuse a folder that another account filled: it could not be read, or not be written."""
        mine = self.account.uid if self.account else os.geteuid()
        if _filled(folder) and (owner := folder.stat().st_uid) != mine:
            raise EmbeddedError(
                f"{folder} belongs to the account {owner}.",
                hint="Start CyberDesk as the account that started it first (root, if it was root).",
            )

    def make_private(self, folder: Path) -> None:
        """Create `folder` for the servers alone. Refuses one that somebody else has laid there."""
        folder.mkdir(mode=0o700, exist_ok=True)
        about = folder.lstat()
        ours = {os.geteuid(), self.account.uid if self.account else os.geteuid()}
        if not stat.S_ISDIR(about.st_mode) or about.st_uid not in ours:
            raise EmbeddedError(
                f"{folder} belongs to somebody else.",
                hint="Remove it, or choose another --data folder.",
            )
        folder.chmod(0o700)
        give(folder, self.account)

    def tidy(self) -> None:
        """Leave no empty folder behind outside DATA."""
        if (sockets := self.sockets()).parent != self.data:
            with contextlib.suppress(OSError):
                sockets.rmdir()

    def program(self, source: Path, *parts: str, name: str) -> Path:
        """`source`, or a copy of its `parts` in the refuge where the account cannot reach it.

        The first part is the program itself.
        """
        if self.account is None or self.account.may_run(source / parts[0]):
            return source
        copy = self.refuge / name
        if not copy.exists():
            _make_passage(self.refuge)
            _copy(source, copy, parts)
        return copy


def _filled(folder: Path) -> bool:
    try:
        return folder.exists() and any(folder.iterdir())
    except PermissionError:
        return True


def _make_passage(folder: Path) -> None:
    """Make a folder that every account may cross and none may list, whatever the umask."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711)


def _copy(source: Path, target: Path, parts: tuple[str, ...]) -> None:
    half = target.with_name(f"{target.name}.{os.urandom(4).hex()}")
    for part in filter(lambda part: (source / part).exists(), parts):
        (half / part).parent.mkdir(parents=True, exist_ok=True)
        if (source / part).is_dir():
            shutil.copytree(source / part, half / part)
        else:
            shutil.copy2(source / part, half / part)
    _open_to_all(half)
    half.rename(target)


def _open_to_all(folder: Path) -> None:
    """Let everybody read what a strict umask would keep for us: programs are no secret."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)


def _runtime_base() -> Path:
    """A short folder that lasts as long as the machine runs."""
    wished = Path("/run") if os.geteuid() == 0 else Path(os.environ.get("XDG_RUNTIME_DIR", "/-"))
    return wished if os.access(wished, os.W_OK) else Path("/tmp")  # noqa: S108 - see make_private

"""Which account the servers run as: PostgreSQL refuses root, and nothing here needs it."""

import contextlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from cyberdesk.core.embedded.errors import EmbeddedError

# The first that exists; a packager may create "cyberdesk".
CANDIDATES = ("cyberdesk", "postgres", "nobody")


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    def may_enter(self, folder: Path) -> bool:
        """Whether the mode bits let this account pass through `folder` and all its parents."""
        return all(self._has(x, stat.S_IXOTH) for x in (folder, *folder.parents))

    def may_run(self, program: Path) -> bool:
        return self.may_enter(program.parent) and self._has(program, stat.S_IROTH | stat.S_IXOTH)

    def _has(self, path: Path, wanted: int) -> bool:
        about = path.stat()
        if about.st_uid == self.uid:
            wanted <<= 6
        elif about.st_gid == self.gid:
            wanted <<= 3
        return about.st_mode & wanted == wanted


def server_account(*traces: Path) -> Account | None:
    """The account to become, or None where this process is not root and stays what it is.

    An owner already found on one of `traces` (existing data) keeps it.
    """
    if os.geteuid() != 0:
        return None
    for trace in traces:
        if trace.exists() and (owner := trace.stat()).st_uid != 0:
            return Account(str(owner.st_uid), owner.st_uid, owner.st_gid)
    for name in CANDIDATES:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        "PostgreSQL does not run as root, and this machine has no account to run it as.",
        hint="Create one (useradd --system cyberdesk), or start CyberDesk as an ordinary user.",
    )


def give(path: Path, account: Account | None) -> None:
    """Hand `path` over to the servers' account, where there is one."""
    if account is not None:
        os.chown(path, account.uid, account.gid)

"""Programs of the distribution that tests drive: found on this machine, or installed where we may.

Playwright brings browsers of its own from a host that many networks do not reach; Debian's does
just as well. An SSH server comes from nowhere else.
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Collection
from pathlib import Path
from tempfile import gettempdir
from typing import NamedTuple


class Program(NamedTuple):
    """Known under `names`; the first of `packages` has it, the others it needs."""

    names: tuple[str, ...]
    packages: tuple[str, ...]

    @property
    def missing(self) -> str:
        name = self.packages[0]
        return (
            f"No {name} on this machine: its tests did not run. "
            f"As root: apt-get install --no-install-recommends {name}"
        )

    def find(self) -> str | None:
        """Return its path. Servers stand where the PATH of a person often does not look."""
        path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
        return next(filter(None, (shutil.which(name, path=path) for name in self.names)), None)


CHROMIUM = Program(("chromium", "chromium-browser", "google-chrome"), ("chromium", "fonts-dejavu"))
SSHD = Program(("sshd",), ("openssh-server",))
DOVECOT = Program(("dovecot",), ("dovecot-imapd",))
SLAPD = Program(("slapd",), ("slapd",))
EVERY = {
    "chromium": CHROMIUM,
    "sshd": SSHD,
    "dovecot": DOVECOT,
    "slapd": SLAPD,
}  # by the fixture that drives it


def install(wanted: Collection[Program]) -> None:
    """Install those of `wanted` that are missing, where this is root on a Debian.

    One process does it for all others that ask at the same time.
    """
    if os.geteuid() != 0 or not shutil.which("apt-get") or all(one.find() for one in wanted):
        return
    with (Path(gettempdir()) / "cyberdesk-tests-apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = [package for one in wanted if not one.find() for package in one.packages]
        if missing:
            _get("update")
            _get("install", "-y", "--no-install-recommends", *missing)


def _get(*arguments: str) -> None:
    get = ["apt-get", "-qq", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"]
    get += ["-o", "DPkg::Lock::Timeout=300"]  # something else on this machine may be at it
    # Without a runlevel, the scripts of a package start no server.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    subprocess.run([*get, *arguments], env=quiet, check=False, timeout=600)


if __name__ == "__main__":
    install(EVERY.values())

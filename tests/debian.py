"""Programs of the distribution that tests drive: found on this machine, or installed where we may.

Playwright brings browsers of its own from a host that many networks do not reach; Debian's does
just as well. An SSH server comes from nowhere else.
"""

import os
import shutil
import subprocess
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

    def install(self) -> str | None:
        """Install it when this is root on a Debian; return its path, None where that cannot be."""
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            return None
        get = ["apt-get", "-qq", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"]
        get += ["-o", "DPkg::Lock::Timeout=300"]  # another process of these tests may be at it
        # Without a runlevel, the scripts of a package start no server.
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for step in (["update"], ["install", "-y", "--no-install-recommends", *self.packages]):
            subprocess.run([*get, *step], env=quiet, check=False, timeout=600)
        return self.find()


CHROMIUM = Program(("chromium", "chromium-browser", "google-chrome"), ("chromium", "fonts-dejavu"))
SSHD = Program(("sshd",), ("openssh-server",))

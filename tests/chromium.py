"""Debian's chromium, driven by Playwright: found on this machine, or installed where that is ours.

Playwright brings browsers of its own from a host that many networks do not reach; the one of the
distribution does just as well.
"""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "No chromium on this machine: the tests in a browser did not run. "
    "As root: apt-get install --no-install-recommends chromium"
)


def find() -> str | None:
    """Return the path of the browser."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def install() -> str | None:
    """Install it when this is root on a Debian; return its path, None where that cannot be."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    get = ["apt-get", "-qq", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (["update"], ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu"])
    for step in steps:
        subprocess.run([*get, *step], env=quiet, check=False, timeout=600)
    return find()

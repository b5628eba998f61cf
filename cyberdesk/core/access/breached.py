"""Passwords that stand in lists of stolen ones, looked up offline (ASVS 5.0 V6.2.12).

The operator fetches such a list and imports it (`cyberdesk passwords import`). What is kept is a
file of sorted beginnings of SHA-1, 8 bytes a password: a look-up reads a handful of blocks, however
long the list, and nothing of a password ever leaves the house.
"""

import os
from hashlib import sha1
from pathlib import Path
from typing import IO

MAGIC = b"cyberdesk breached passwords 1\n\x00"
WIDTH = 8  # bytes: of a list of 10⁹, one password in 1.8 × 10¹⁰ is refused by mistake

_path: Path | None = None


class BreachedListError(RuntimeError):
    """The file is not a list of ours, or was cut off; the message says what to do."""


def use(path: Path | None) -> None:
    """Look passwords up in the list at `path` in this process; without a file, in none.

    Raises BreachedListError when what lies there is no list.
    """
    global _path  # noqa: PLW0603  # one list per process, chosen when it starts
    _path = path
    count()


def count() -> int | None:
    """Return how many passwords the list holds, or None when there is no list."""
    if _path is None or not _path.exists():
        return None
    with _path.open("rb") as held:
        return _rows(held)


def known(password: str) -> bool:
    """Say whether `password` is in the list."""
    if _path is None or not _path.exists():
        return False
    plain = password.encode(errors="surrogatepass")
    wanted = beginning(sha1(plain, usedforsecurity=False).digest())
    with _path.open("rb") as held:
        return _find(held, wanted)


def beginning(digest: bytes) -> bytes:
    return digest[:WIDTH]


def _find(held: IO[bytes], wanted: bytes) -> bool:
    first, end = 0, _rows(held)
    while first < end:
        middle = (first + end) // 2
        found = os.pread(held.fileno(), WIDTH, len(MAGIC) + middle * WIDTH)
        if found == wanted:
            return True
        first, end = (middle + 1, end) if found < wanted else (first, middle)
    return False


def _rows(held: IO[bytes]) -> int:
    size = os.fstat(held.fileno()).st_size - len(MAGIC)
    if os.pread(held.fileno(), len(MAGIC), 0) != MAGIC or size % WIDTH:
        raise BreachedListError(
            f"{_path} is not a list of breached passwords: make it anew with "
            "`cyberdesk passwords import`"
        )
    return size // WIDTH

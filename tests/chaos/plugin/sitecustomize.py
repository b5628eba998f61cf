"""Read by each Python process of a house under attack: its clock may be set, a commit be its last.

The campaign writes two files into the folder CHAOS_FOLDER. `clock`: seconds, then whether the clock
of this `host` alone is so far ahead, or that of the `machine`, the database's with it. `commit`:
`before` or `after`, then the share of commits around which a process ends; the first that does takes
the file away.
"""

import contextlib
import os
import random
import signal
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

_FOLDER = Path(os.environ.get("CHAOS_FOLDER", "/nonexistent"))
_CLOCK, _COMMIT = _FOLDER / "clock", _FOLDER / "commit"


def _ahead(whose: tuple[str, ...]) -> timedelta:
    try:
        seconds, of = _CLOCK.read_text(encoding="ascii").split()
    except (FileNotFoundError, ValueError):
        return timedelta()
    return timedelta(seconds=float(seconds)) if of in whose else timedelta()


def _perhaps_end(when: str) -> None:
    try:
        wanted, share = _COMMIT.read_text(encoding="ascii").split()
    except (FileNotFoundError, ValueError):
        return
    if wanted == when and random.random() < float(share):
        with contextlib.suppress(FileNotFoundError):
            _COMMIT.unlink()
            os.kill(os.getpid(), signal.SIGKILL)


def _set_clocks() -> None:
    from cyberdesk.core import clock
    from cyberdesk.core.db import agreeing

    of_host, server_time = clock.of_host, agreeing.server_time

    def host_now() -> datetime:
        return of_host() + _ahead(("host", "machine"))

    def server_now(connection: Any) -> datetime:
        return server_time(connection) + _ahead(("machine",))

    clock.of_host, agreeing.server_time = host_now, server_now


def _end_at_commits() -> None:
    from cyberdesk.core.db import trip, work

    finish, make = work._finish, trip.Trip.make

    def last_finish(under_way: Any) -> None:
        _perhaps_end("before")
        finish(under_way)
        _perhaps_end("after")

    def last_trip(self: Any, *given: Any) -> Any:
        _perhaps_end("before")
        found = make(self, *given)
        _perhaps_end("after")
        return found

    work._finish, trip.Trip.make = last_finish, last_trip  # type: ignore[method-assign]


if _FOLDER.is_dir():
    _set_clocks()
    _end_at_commits()

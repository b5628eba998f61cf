"""Signs of life of the sweeper: written every few seconds, read by whoever watches."""

import os
import socket
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from cyberdesk.core import clock
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs.models import SweeperBeat

PERIOD = 5.0  # seconds between two signs
SILENT = timedelta(seconds=30)  # after which the sweeper counts as gone
_KEPT = timedelta(days=1)


class Pulse:
    """What the sweeper of this process did last, and when it says so next."""

    def __init__(self) -> None:
        self.holder = f"{socket.gethostname()}:{os.getpid()}"
        self.since = clock.now()
        self.sweeps: dict[str, Any] = {}
        self._next = 0.0

    def note(self, name: str, *, began: float, done: int = 0, failed: str = "") -> None:
        """Keep what one sweep came to; `began` is a reading of time.monotonic()."""
        self.sweeps[name] = {
            "at": clock.now().isoformat(),
            "ms": round(1000 * (time.monotonic() - began)),
            "done": done,
            "failed": failed,
        }

    def beat(self) -> bool:
        """Write a sign of life when it is time; say whether it was."""
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + PERIOD
        values = {"holder": self.holder, "since": self.since}
        said = {"at": clock.now(), "sweeps": self.sweeps}
        sign = insert(SweeperBeat).values(**values, **said)
        with atomic(SYSTEM):
            session().execute(sign.on_conflict_do_update(index_elements=["holder"], set_=said))
            session().execute(delete(SweeperBeat).where(SweeperBeat.at < clock.now() - _KEPT))
        return True


def beats() -> Sequence[SweeperBeat]:
    """Return the signs of life, the latest first."""
    return session().scalars(select(SweeperBeat).order_by(SweeperBeat.at.desc()).limit(5)).all()


def silent_since() -> datetime | None:
    """Return when the last sign came if that is too long ago, or None while all is well."""
    last = session().scalar(select(SweeperBeat.at).order_by(SweeperBeat.at.desc()).limit(1))
    return last if last and last < clock.now() - SILENT else None

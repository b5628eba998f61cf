"""Work that was written before the clock was set back is not put off with it.

What was to be done at once has a due time by the clock as it was: an hour back, nobody would begin
it for an hour. Rows from the future show that it happened.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, update

from cyberdesk.core import clock
from cyberdesk.core.db import session

_FUTURE = timedelta(seconds=5)  # more than hosts that agree on the clock ever differ


def bring_back(kind: Any, *which: ColumnElement[bool]) -> int:
    """Let rows of `kind` from the future be of now, due as long after it as they were.

    `kind` has `created_at` and `due_at`. Returns how many there were.
    """
    now = clock.now()
    late = update(kind).where(kind.created_at > now + _FUTURE, *which)
    moved = late.values(due_at=now + (kind.due_at - kind.created_at), created_at=now)
    found = session().execute(moved.execution_options(synchronize_session=False))
    return int(found.rowcount)  # type: ignore[attr-defined]

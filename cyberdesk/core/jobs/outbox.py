"""Writing to the outbox. A delivery leaves only after the commit, and carries ids."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from cyberdesk.core import clock
from cyberdesk.core.db import on_commit, session
from cyberdesk.core.ids import new_id
from cyberdesk.core.jobs.models import Message

Hint = Callable[[str], object]
_hint: Hint | None = None


def use(hint: Hint | None) -> None:
    """Let `hint(message_id)` tell the queue of a new message; the sweeper finds it otherwise."""
    global _hint  # noqa: PLW0603  # one queue per process, chosen when it starts
    _hint = hint


def send(
    topic: str, *, dedup: str | None = None, due: datetime | None = None, **payload: Any
) -> bool:
    """Have `topic` delivered with `payload` (plain JSON: ids and numbers) once this commits.

    With `dedup`, a second message of the same key is never written, and False returned.
    """
    now = clock.now()
    values = {
        "id": new_id(),
        "topic": topic,
        "payload": payload,
        "dedup": dedup,
        "due_at": due or now,
        "created_at": now,
        "attempts": 0,
    }
    write = insert(Message).values(values).on_conflict_do_nothing().returning(Message.id)
    if session().scalar(write) is None:
        return False
    if due is None or due <= now:
        on_commit(_tell, str(values["id"]))
    return True


def _tell(message_id: str) -> None:
    if _hint:
        _hint(message_id)

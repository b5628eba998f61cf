"""How long an answer that may be asked for again is kept: the sweeper's part of it."""

from datetime import timedelta

from sqlalchemy import delete

from cyberdesk.core import clock
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.web.models import StoredAnswer

KEPT = timedelta(hours=24)


def forget_old() -> int:
    """Forget answers older than a day; return how many."""
    with atomic(SYSTEM):
        old = delete(StoredAnswer).where(StoredAnswer.created_at < clock.now() - KEPT)
        return int(session().execute(old).rowcount)  # type: ignore[attr-defined]

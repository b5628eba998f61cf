"""Refusals of those who are known: an entry the first time, then a count (ASVS 5.0 V16.3.2).

Whoever tries doors that are not theirs leaves a trace, and nobody can fill the journal with it: one
entry an hour for each door. Refusals of strangers are counted in `/metrics` alone.
"""

from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from cyberdesk.core import clock
from cyberdesk.core.access.actor import Actor
from cyberdesk.core.audit.log import record
from cyberdesk.core.audit.models import RefusedAct
from cyberdesk.core.db import atomic, seeing, session
from cyberdesk.core.db.rls import SYSTEM

_KEPT = timedelta(days=30)


def tell(actor: Actor, endpoint: str, status: int) -> None:
    """Count that `actor` was answered `status` at `endpoint`, in a transaction of its own."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    told = {"who": f"{actor.kind.value}:{actor.id}", "endpoint": endpoint, "hour": hour}
    with atomic(SYSTEM), seeing(SYSTEM):
        if session().scalar(_counted(), told) == 1:
            record(actor, "access:refuse", None, {"endpoint": endpoint, "status": status})


@cache
def _counted() -> Any:
    mark = insert(RefusedAct).values(
        {name: bindparam(name) for name in ("who", "endpoint", "hour")} | {"times": 1}
    )
    return mark.on_conflict_do_update(
        index_elements=["who", "endpoint", "hour"], set_={"times": RefusedAct.times + 1}
    ).returning(RefusedAct.times)


def within_the_hour() -> float:
    """Return how often anybody known was refused in the last hour, for `/metrics`."""
    since = clock.now() - timedelta(hours=1)
    return session().scalar(select(func.sum(RefusedAct.times)).where(RefusedAct.hour > since)) or 0


def forget() -> int:
    """Delete counts older than a month; the entries stay."""
    with atomic(SYSTEM):
        old = delete(RefusedAct).where(RefusedAct.hour < clock.now() - _KEPT)
        return int(session().execute(old).rowcount)  # type: ignore[attr-defined]

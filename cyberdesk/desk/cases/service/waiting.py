"""What a case waits for and by when, and its place in the queue that follows from it.

The engine, tasks and clocks say what they know; the queue reads one row and joins nothing.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.text import Text, in_each
from cyberdesk.desk.cases.models import OPEN, Case
from cyberdesk.desk.cases.ranking import rank_of
from cyberdesk.desk.cases.service.locking import lock

_AT_ONCE = 500
_FIRST = ("clocks", "callback", "tasks")  # at the same minute: what the law asks, what we promised
Said = Text | Mapping[str, str]


def set_waiting(
    case: Case, on: str | None, *, why: Said | None = None, since: datetime | None = None
) -> None:
    """Say for whom `case` waits (commune, provider, responder, mayor, dpo, engine; None: nobody).

    `why` completes "waits for …" and is generated, never typed by a person.
    """
    lock(case)
    moved = on != case.waits_on
    case.waits_on = on
    case.waits_why = _in_each(why)
    if on is None:
        case.waits_since = None
    elif since or moved or case.waits_since is None:
        case.waits_since = since or clock.now()
    rerank(case)


def set_next_due(
    case: Case,
    source: str,
    at: datetime | None,
    what: Said | None = None,
    *,
    since: datetime | None = None,
) -> None:
    """Say the next time that `source` (callback, tasks, clocks, …) holds for `case`; None: none.

    Each source has one; the earliest of all is what the queue shows, of several at the same minute
    the legal one. `since` is when that time began to run, so that its bar can be drawn.
    """
    lock(case)
    dues = {name: due for name, due in case.dues.items() if name != source}
    if at is not None:
        begun = since or clock.now()
        dues[source] = {
            "at": at.isoformat(), "since": begun.isoformat(), "what": _in_each(what)
        }  # fmt: skip
    case.dues = dues
    _take_earliest(case)
    rerank(case)


def rerank(case: Case) -> None:
    """Recompute the place of `case` in the queue, after any change that bears on it."""
    now = clock.now()
    ranked = rank_of(case, now)
    case.moved_at = now
    case.rank = ranked.rank
    case.rank_why = {"reasons": [reason.plain() for reason in ranked.reasons]}
    case.rank_due_at = ranked.due_at


def rerank_due() -> int:
    """Recompute the places that time alone has changed; return how many. For the sweeper."""
    with atomic(SYSTEM):
        due = (
            select(Case)
            .where(Case.state == OPEN, Case.rank_due_at <= clock.now())
            .order_by(Case.rank_due_at)
            .limit(_AT_ONCE)
            .with_for_update(skip_locked=True, key_share=True, of=Case)
        )
        cases = session().scalars(due).all()
        for case in cases:
            rerank(case)
        return len(cases)


def _take_earliest(case: Case) -> None:
    if not case.dues:
        case.next_due_at = case.next_due_since = case.next_due_from = None
        case.next_due_what = {}
        return
    source = min(case.dues, key=lambda name: _turn(name, case.dues[name]["at"]))
    due = case.dues[source]
    case.next_due_from = source
    case.next_due_at = datetime.fromisoformat(due["at"])
    case.next_due_since = datetime.fromisoformat(due["since"])
    case.next_due_what = due["what"]


def _turn(source: str, at: str) -> tuple[datetime, int, str]:
    """People read minutes: within one, seconds decide nothing."""
    minute = datetime.fromisoformat(at).replace(second=0, microsecond=0)
    return minute, _FIRST.index(source) if source in _FIRST else len(_FIRST), source


def _in_each(said: Said | None) -> dict[str, str]:
    if said is None:
        return {}
    return in_each(said) if isinstance(said, Text) else dict(said)

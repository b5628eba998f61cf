"""The watchdog: no run may stand without a live lease, a due timer or a named wait.

Each rule finds runs for which the database holds nothing that would ever move them again. The
number is a metric and must be 0; the runs are listed by `stuck()`.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from cyberdesk.core import clock
from cyberdesk.core.db import session
from cyberdesk.desk.playbooks.engine.state import ON_PERSON
from cyberdesk.desk.playbooks.models import DUE, LEASED, Effect, Run

_GRACE = timedelta(seconds=60)  # the sweeper's own time to act


def _moves_by_itself() -> ColumnElement[bool]:
    late = clock.now() - _GRACE
    effect = exists().where(
        Effect.run_id == Run.id,
        or_(
            and_(Effect.status == LEASED, Effect.leased_until > late),
            and_(Effect.status == DUE, Effect.due_at > late),
        ),
    )
    # A run without a timer has due_at NULL, and NULL must read as "no", not as "perhaps".
    return or_(and_(Run.due_at.is_not(None), Run.due_at > late), effect)


def _waits_for_a_name() -> ColumnElement[bool]:
    """A person, a signal, or whoever paused it. The engine names them in `waits`."""
    named = [*ON_PERSON, "waiting", "paused"]
    return or_(*(Run.waits.contains([name]) for name in named))


def stuck() -> Sequence[Run]:
    """Return the runs that nothing will move: there must be none."""
    wanted = select(Run).where(Run.ended_at.is_(None), ~_moves_by_itself(), ~_waits_for_a_name())
    return session().scalars(wanted.order_by(Run.moved_at).limit(100)).all()


def stuck_count() -> float:
    wanted = select(func.count()).where(
        Run.ended_at.is_(None), ~_moves_by_itself(), ~_waits_for_a_name()
    )
    return session().scalar(wanted) or 0


def open_runs() -> dict[str, float]:
    counted = select(Run.status, func.count()).where(Run.ended_at.is_(None)).group_by(Run.status)
    return {status: float(count) for status, count in session().execute(counted)}


def open_effects() -> dict[str, float]:
    counted = select(Effect.status, func.count()).where(Effect.status.in_((DUE, LEASED)))
    return {s: float(count) for s, count in session().execute(counted.group_by(Effect.status))}


def to_verify() -> float:
    wanted = select(func.count()).where(Run.ended_at.is_(None), Run.waits.contains(["verify"]))
    return session().scalar(wanted) or 0

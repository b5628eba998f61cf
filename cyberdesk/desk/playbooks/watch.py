"""The watchdog: no run may stand without a live lease, a due timer or a named wait.

Each rule finds runs for which the database holds nothing that would ever move them again. The
number is a metric and must be 0; the runs are listed by `stuck()`.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, text

from cyberdesk.core import clock
from cyberdesk.core.db import session
from cyberdesk.desk.cases.models import OPEN, Case
from cyberdesk.desk.playbooks.engine.state import ON_PERSON
from cyberdesk.desk.playbooks.models import DUE, LEASED, Effect, Run

LONG = timedelta(days=1)
MOST = 100  # rows of one list
# As the partial indexes say it, so that no list and no badge reads every run.
_UNSURE = (text("waits @> '[\"verify\"]'"), Run.ended_at.is_(None))
_DEAD = (text("dead > 0"), Run.settled_at.is_(None), Case.state == OPEN)
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
    """A person, a signal, another run, or whoever paused it. The engine names them in `waits`."""
    named = [*ON_PERSON, "waiting", "joining", "paused"]
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
    return session().scalar(select(func.count()).select_from(Run).where(*_UNSURE)) or 0


def unsure() -> Sequence[Run]:
    """Return the runs in which a person must say whether an effect happened, oldest first."""
    wanted = select(Run).where(*_UNSURE).order_by(Run.moved_at).limit(MOST)
    return session().scalars(wanted).all()


def dead() -> Sequence[Run]:
    """Return the runs of open cases with failures that nothing takes further, oldest first."""
    wanted = select(Run).join(Run.case).where(*_DEAD).order_by(Run.moved_at).limit(MOST)
    return session().scalars(wanted).all()


def for_a_person() -> int:
    """Count the runs within reach that wait for a person to verify, or to take up a failure."""
    unsure_count = select(func.count()).select_from(Run).where(*_UNSURE).scalar_subquery()
    dead_count = select(func.count()).select_from(Run).join(Run.case).where(*_DEAD)
    return session().scalar(select(unsure_count + dead_count.scalar_subquery())) or 0


def long_waits() -> Sequence[Run]:
    """Return the open runs that have not moved for LONG, the stillest first."""
    still = select(Run).where(Run.ended_at.is_(None), Run.moved_at < clock.now() - LONG)
    return session().scalars(still.order_by(Run.moved_at).limit(MOST)).all()


def late_leases() -> Sequence[Effect]:
    """Return effects whose worker has given no sign of life: the sweeper takes them back."""
    late = select(Effect).where(Effect.status == LEASED, Effect.leased_until < clock.now())
    return session().scalars(late.order_by(Effect.leased_until).limit(MOST)).all()

"""What time alone brings about: timers of runs, and effects whose worker is gone."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs import outbox
from cyberdesk.core.jobs.leases import Watched
from cyberdesk.core.jobs.setback import bring_back
from cyberdesk.desk.playbooks.actions import ENGINE
from cyberdesk.desk.playbooks.effects import lose
from cyberdesk.desk.playbooks.keeper import apply_held, hold
from cyberdesk.desk.playbooks.ledger import LEASE
from cyberdesk.desk.playbooks.models import DUE, LEASED, Effect, Run
from cyberdesk.desk.playbooks.trace import WAKE

_BUDGET = 2.0  # seconds that one sweep may take from the others
_AT_ONCE = 200
_watched = Watched(LEASE)
_FORGOTTEN = timedelta(seconds=8)  # an effect nobody has taken by then is rung for again


def fire_timers() -> int:
    """Let time pass for every run in which something is due; return how many there were."""
    end, done = time.monotonic() + _BUDGET, 0
    for run_id in _due_runs():
        if time.monotonic() > end:
            break
        with atomic(SYSTEM):
            run = hold(run_id)
            if run.due_at is not None and run.due_at <= clock.now():
                apply_held(ENGINE, run, {"type": "tick"})
                done += 1
    return done


def _due_runs() -> Sequence[UUID]:
    with atomic(SYSTEM):
        due = select(Run.id).where(Run.due_at <= clock.now()).order_by(Run.due_at)
        return session().scalars(due.limit(_AT_ONCE)).all()


def recover() -> int:
    """Give up leases that have lapsed and ring for effects that nobody took; return how many."""
    with atomic(SYSTEM):
        bring_back(Effect, Effect.status == DUE)
    lost = sum(lose(effect_id, until) for effect_id, until in _lapsed().items())
    return lost + _ring_again()


def _lapsed() -> dict[UUID, datetime]:
    """Return effects whose lease is over, with its end, though the clock was set back meanwhile."""
    with atomic(SYSTEM):
        held = select(Effect.id, Effect.leased_until).where(Effect.status == LEASED)
        leases = {one: until for one, until in session().execute(held) if until}
    over = [one for one, until in leases.items() if until < clock.now()]
    return {one: leases[one] for one in {*over, *_watched.unrenewed(leases)}}


def _ring_again() -> int:
    now = clock.now()
    with atomic(SYSTEM):
        late = select(Effect.run_id).where(Effect.status == DUE, Effect.due_at < now - _FORGOTTEN)
        runs = session().scalars(late.distinct().limit(_AT_ONCE)).all()
        slot = int(now.timestamp() // _FORGOTTEN.total_seconds())
        rung = [outbox.send(WAKE, dedup=f"wake:{r}:{slot}", run_id=str(r)) for r in runs]
    return sum(rung)

"""Bringing effects about: claimed in a short transaction, done outside any, completed by token.

`wake(run)` is the one job: it takes the run's due effects one after the other until none is left.
Completing one and claiming the next is one transaction.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError

from cyberdesk.core import clock
from cyberdesk.core.connector import ConnectorError
from cyberdesk.core.db import atomic, holding, keep, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.connectors.models import ConnectorSetup
from cyberdesk.desk.connectors.reasons import reason_of
from cyberdesk.desk.playbooks import ledger
from cyberdesk.desk.playbooks.actions import ENGINE, repeat_of
from cyberdesk.desk.playbooks.held import Held, held, remembered
from cyberdesk.desk.playbooks.keeper import apply_held, hold
from cyberdesk.desk.playbooks.ledger import LEASE
from cyberdesk.desk.playbooks.models import DONE, LEASED, Effect, Run
from cyberdesk.desk.playbooks.readying import made_ready
from cyberdesk.desk.playbooks.straight import go_on

_BUDGET = 20.0  # seconds that one job goes on taking effects
_log = structlog.get_logger(__name__)
Outcome = dict[str, Any]


def wake(run_id: str) -> int:
    """Bring about the due effects of a run until it is blocked; return how many there were."""
    wanted, done, end = UUID(run_id), 0, time.monotonic() + _BUDGET
    with atomic(SYSTEM):
        mine = _take(wanted)
    with _Beat() as beat:
        while mine is not None and not _lapsed_meanwhile(mine):
            with beat.keeping(mine):
                outcome = perform(mine)
                done += 1
                mine = _completed(mine, outcome, again=time.monotonic() < end)
    return done


def _lapsed_meanwhile(mine: Held) -> bool:
    """Say whether this process was frozen past its lease before it began: others have it by now."""
    if mine.lapsed:
        _log.warning("an effect was not begun: its lease is over", action=mine.action)
    return mine.lapsed


def _completed(mine: Held, outcome: Outcome, *, again: bool) -> Held | None:
    """Complete; a database that is away for a moment is waited for, as long as the lease lasts."""
    last = time.monotonic() + LEASE.total_seconds()
    while True:
        try:
            return _complete(mine, outcome, again=again)
        except DBAPIError as error:
            if not error.connection_invalidated or time.monotonic() > last:
                raise
            time.sleep(0.5)


def perform(mine: Held) -> Outcome:
    """Do it, outside any transaction, and say what it came to."""
    if isinstance(mine.ready, ConnectorError):
        repeat = repeat_of(mine.action)
        return {"class": repeat.value if repeat else None} | _failure(mine.ready)
    told: Outcome = {"class": mine.ready.repeat.value}
    try:
        output = mine.ready.check() if mine.check else mine.ready.perform()
    except ConnectorError as error:
        return told | _failure(error)
    except Exception as error:  # noqa: BLE001  # a faulty connector: nobody knows what it did
        _log.error("a connector failed", action=mine.action, exc_info=True)
        return told | {"outcome": "unknown", "message": f"{type(error).__name__}: {error}"}
    if output is None:
        return told | {"outcome": "not_done"}
    return told | {"outcome": "done", "output": dict(output)}


def _failure(error: ConnectorError) -> Outcome:
    told: Outcome = {
        "message": error.told,
        "code": reason_of(error).value,
    }
    if error.output:
        told["output"] = dict(error.output)
    if error.done is None:
        return {"outcome": "unknown", **told}
    return {"outcome": "failed", "permanent": not error.again, **told}


def _complete(mine: Held, outcome: Outcome, *, again: bool) -> Held | None:
    """Write what it came to, if it is still ours, and take the next of the run."""
    event = {"type": "result", "path": mine.path, "ticket": mine.ticket, **outcome}
    if again and outcome["outcome"] == "done":
        following = go_on(mine, event)
        if following is not None:
            return following
    since = clock.steady()
    with atomic(SYSTEM) as transaction, transaction.no_autoflush:
        found = _locked(mine)
        if found is None:
            _log.warning("an effect came home after its lease", action=mine.action)
            return None
        run, effect = found
        status = DONE if outcome["outcome"] == "done" else str(outcome["outcome"])
        ledger.end(effect, status, outcome.get("output"))
        applied = apply_held(ENGINE, run, event, take=again)
        if applied.taken is not None:
            return _held(applied.taken, since)
        transaction.flush()
        return _take(mine.run_id) if again else None


def lose(effect_id: UUID, until: datetime) -> bool:
    """Tell the run that whoever held this effect until then is gone; say whether it was so."""
    with atomic(SYSTEM):
        run_id = session().scalar(select(Effect.run_id).where(Effect.id == effect_id))
        if run_id is None:
            return False
        run = hold(run_id)
        effect = session().get(Effect, effect_id, with_for_update=True, populate_existing=True)
        if effect is None or effect.status != LEASED or effect.leased_until != until:
            return False
        ledger.end(effect, "lost")
        repeat = repeat_of(effect.action, effect.input)
        told = {"type": "result", "path": effect.path, "ticket": effect.ticket, "outcome": "lost"}
        apply_held(ENGINE, run, told | {"class": repeat.value if repeat else None})
        return True


def _take(run_id: UUID) -> Held | None:
    since = clock.steady()
    while (effect := ledger.claim(run_id)) is not None:
        before = ledger.done_before(effect)
        if before is None:
            return _held(effect, since)
        ledger.end(effect, "reused")
        told = {"type": "result", "path": effect.path, "ticket": effect.ticket}
        apply_held(ENGINE, hold(run_id), told | {"outcome": "done", "output": before})
        session().flush()
    return None


def _held(effect: Effect, since: float) -> Held:
    known = remembered(effect.run_id)
    return held(effect, known, made_ready(effect, known.run), since)


# Put together once: each step of each run asks it.
_MINE = (
    select(Run, Effect, Case, ConnectorSetup)
    .join(Case, Case.id == Run.case_id)
    .join(Effect, Effect.run_id == Run.id)
    .outerjoin(ConnectorSetup, ConnectorSetup.name == bindparam("connector"))
    .where(Effect.id == bindparam("effect"), Effect.token == bindparam("token"))
    .with_for_update(of=[Case, Run, Effect], key_share=True)
    .execution_options(populate_existing=True)
)


def _locked(mine: Held) -> tuple[Run, Effect] | None:
    """Lock the case, the run and the effect, if the token is still the one it is held by.

    How the connector is set up is read along: the run's next effect is most often its as well.
    """
    connector = mine.action.partition(".")[0]
    its = {"effect": mine.id, "token": mine.token, "connector": connector}
    found = session().execute(_MINE, its).first()
    if found is None:
        return None
    run, effect, case, setup = found
    holding.hold(case)
    if setup is not None:
        keep(setup)
    return run, effect


class _Beat:
    """Renews the lease of the effect under way, so that a dead worker is noticed soon.

    One thread for a whole job: starting one for each effect would cost more than most effects.
    """

    def __init__(self) -> None:
        self.held: Held | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()

    @contextmanager
    def keeping(self, held: Held) -> Iterator[None]:
        self.held = held
        try:
            yield
        finally:
            self.held = None

    def _run(self) -> None:
        while not self._over.wait(LEASE.total_seconds() / 4):
            held = self.held
            if held is not None:
                self._renew(held)

    def _renew(self, held: Held) -> None:
        try:
            ledger.renew(held.id, held.token)
        except Exception:  # noqa: BLE001  # the next beat tries again; the lease may lapse
            _log.warning("lease not renewed", action=held.action, exc_info=True)

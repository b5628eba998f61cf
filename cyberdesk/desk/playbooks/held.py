"""What a worker holds between two transactions: an effect to bring about, and what it knows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cyberdesk.core import clock
from cyberdesk.core.connector import ConnectorError
from cyberdesk.core.db import session
from cyberdesk.desk.connectors.service import Prepared
from cyberdesk.desk.playbooks.ledger import LEASE
from cyberdesk.desk.playbooks.models import Effect, Run


@dataclass(frozen=True, slots=True)
class Remembered:
    """A run as it was when it was last read or written here: good while its `number` is the same.

    Whoever advances `state` has used it up, whatever comes of it.
    """

    run: Run
    state: dict[str, Any]
    number: int


@dataclass(frozen=True, slots=True)
class Held:
    """An effect that this process holds until `until`: plain values, no transaction.

    `ready` is the connector's action with all that it needs, or what kept it from being ready.
    `since` is an instant before the lease was written, by the clock that nobody sets (seconds).
    """

    id: UUID
    path: str
    ticket: int
    token: UUID
    until: datetime
    action: str
    check: bool
    ready: Prepared | ConnectorError
    known: Remembered
    since: float

    @property
    def run_id(self) -> UUID:
        return self.known.run.id

    @property
    def lapsed(self) -> bool:
        """Whether others may have it by now: by the clock, or though the clock was set back."""
        return clock.now() >= self.until or clock.steady() - self.since >= LEASE.total_seconds()


def held(effect: Effect, known: Remembered, ready: Prepared | ConnectorError, since: float) -> Held:
    """Return what this process holds, once `effect` is leased to it."""
    assert effect.token is not None
    assert effect.leased_until is not None
    return Held(
        id=effect.id,
        path=effect.path,
        ticket=effect.ticket,
        token=effect.token,
        until=effect.leased_until,
        action=effect.action,
        check=effect.check,
        ready=ready,
        known=known,
        since=since,
    )


def remembered(run_id: UUID) -> Remembered:
    """Read a run, in the transaction that takes an effect of it."""
    run = session().get_one(Run, run_id)
    return Remembered(run, run.state, run.number)

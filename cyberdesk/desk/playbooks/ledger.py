"""The ledger of effects: entering, claiming, renewing, and what each came to.

A claim is a lease with a token. Whoever lost the token writes nothing any more, however long it
was frozen.
"""

import os
import socket
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, exists, func, select, update

from cyberdesk.core import clock
from cyberdesk.core.db import atomic, keep, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.connectors.models import ConnectorSetup
from cyberdesk.desk.playbooks.actions import carried_out_by
from cyberdesk.desk.playbooks.engine import Command
from cyberdesk.desk.playbooks.models import DONE, DUE, LEASED, PAUSED, VOID, Effect, Run

LEASE = timedelta(seconds=12)
_BUSY_KEY = timedelta(seconds=5)


def new_effect(run: Run, command: Command) -> Effect:
    """Return a row for the `act` that the engine asks for, due now; it is not yet added."""
    now = clock.now()
    return Effect(
        key_id=run.key_id,
        run=run,
        run_id=run.id,
        case_id=run.case_id,
        path=command["path"],
        ticket=command["ticket"],
        attempt=command["attempt"],
        action=carried_out_by(command["action"]),
        key=key_of(run, command),
        check=command["check"],
        timeout=command["timeout"],
        status=DUE,
        due_at=now,
        input=command["input"],
        created_at=now,
    )


def key_of(run: Run, command: Command) -> str:
    """Return the idempotency key: the same for each attempt at the same effect."""
    match command["once_per"]:
        case "case":
            return f"case:{run.case_id}:{run.name}:{command['key']}"
        case "run":
            return f"run:{run.id}:{command['key']}"
    return f"step:{run.id}:{command['path']}@{command['entry']}"


# Put together once. The run and how the connector is set up are needed right after.
_NEXT = (
    select(Effect, Run, ConnectorSetup)
    .join(Run, Run.id == Effect.run_id)
    .outerjoin(ConnectorSetup, ConnectorSetup.name == func.split_part(Effect.action, ".", 1))
    .where(Effect.run_id == bindparam("run"), Effect.status == DUE, Run.status != PAUSED)
    .where(Effect.due_at <= bindparam("now"))
    .order_by(Effect.due_at, Effect.ticket)
    .limit(1)
    .with_for_update(skip_locked=True, of=Effect)
)


def claim(run_id: UUID) -> Effect | None:
    """Take the next due effect of the run for LEASE, in the transaction under way.

    One that was done before under its key is returned as it is: `done_before` says what it came to.
    """
    now = clock.now()
    found = session().execute(_NEXT, {"run": run_id, "now": now}).first()
    if found is None:
        return None
    effect: Effect = found[0]
    if found[2] is not None:
        keep(found[2])
    if _held_elsewhere(effect):
        # Another run of the case is at the same effect: its outcome will be ours.
        effect.due_at = now + _BUSY_KEY
        return None
    if done_before(effect) is None:
        lease(effect)
        session().flush()
    return effect


def lease(effect: Effect) -> None:
    """Make this process the holder of the effect."""
    effect.status, effect.leased_until, effect.token = LEASED, clock.now() + LEASE, uuid4()
    effect.worker = f"{socket.gethostname()}:{os.getpid()}"


def shared(effect: Effect) -> bool:
    """Say whether another run of the case may be at the same effect (`once_per`)."""
    return not effect.key.startswith("step:")


def done_before(effect: Effect) -> dict[str, Any] | None:
    """Return what this effect came to when it was done earlier under the same key, or None."""
    if not shared(effect):
        return None
    found = session().scalar(
        select(Effect).where(
            Effect.key == effect.key, Effect.status == DONE, Effect.id != effect.id
        )
    )
    return None if found is None else found.output


def void(run: Run, paths: Iterable[str] | None = None) -> list[tuple[str, int]]:
    """Call back effects that nobody has begun: of these paths, or all; return paths and tickets."""
    due = update(Effect).where(Effect.run_id == run.id, Effect.status == DUE)
    if paths is not None:
        due = due.where(Effect.path.in_(list(paths)))
    told = due.values(status=VOID, ended_at=clock.now()).returning(Effect.path, Effect.ticket)
    found = session().execute(told.execution_options(synchronize_session=False))
    return [(path, ticket) for path, ticket in found]


def renew(effect_id: UUID, token: UUID) -> bool:
    """Hold the effect for another LEASE; say whether it was still ours."""
    mine = update(Effect).where(Effect.id == effect_id, Effect.token == token)
    with atomic(SYSTEM) as transaction:
        held = transaction.execute(mine.values(leased_until=clock.now() + LEASE))
        return bool(held.rowcount)  # type: ignore[attr-defined]


def end(effect: Effect, status: str, output: dict[str, Any] | None = None) -> None:
    effect.status, effect.ended_at = status, clock.now()
    effect.leased_until = effect.token = None
    if output:
        effect.output = output


def sealed_output(run: Run, effect_id: UUID, output: dict[str, Any] | None) -> bytes | None:
    """Return `output` as the effect's row holds it."""
    if not output:
        return None
    row = Effect(id=effect_id, key_id=run.key_id)
    row.output = output
    return row.output_sealed


def _held_elsewhere(effect: Effect) -> bool:
    if not shared(effect):
        return False
    other = exists().where(
        Effect.key == effect.key, Effect.status == LEASED, Effect.id != effect.id
    )
    return bool(session().scalar(select(other)))

"""The one statement of a step that leads straight to the next (`straight.py`).

It changes the run if its number is the one that is known and its effect is held by the token that
is known; whatever else it writes hangs on that. It locks the run and then the effect, as everybody
does, and asks for no other row that anybody locks.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import JSONB, insert

from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import Base
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.db.trip import Trip
from cyberdesk.desk.connectors.models import ConnectorSetup
from cyberdesk.desk.playbooks.models import DONE, Effect, Run, StepInstance
from cyberdesk.desk.playbooks.trace import CHANGING


def _table(model: type[Base]) -> sa.Table:
    return cast("sa.Table", model.__table__)


_EFFECTS, _ENTRIES = _table(Effect), _table(AuditEntry)
_RUNS, _STEPS, _SETUPS = _table(Run), _table(StepInstance), _table(ConnectorSetup)


class Setup(NamedTuple):
    """How the connector is set up, as far as another action of it needs to know."""

    changed_at: datetime | None
    enabled: bool | None
    used_at: datetime | None
    used_ok: bool | None


def stride(
    *,
    run: Run,
    number: int,
    effect: Effect,
    steps: Iterable[Mapping[str, Any]],
    entry: AuditEntry,
    **given: Any,
) -> Setup | None:
    """Write all of it, and return how the connector is set up; None: it was not as known.

    `given` are `mine` and `token` (the effect that is done), `output` (sealed, or None), `at`, and
    the `connector` whose settings are told. Raises psycopg.Error.
    """
    told = {"run": run.id, "number": number, "state": run.state_sealed, **given}
    rows = [{name: _plain(value) for name, value in step.items()} for step in steps]
    told |= {"steps": Jsonb(rows)} | _columns("effect", effect) | _columns("entry", entry)
    found = _STRIDE.make(SYSTEM, told)
    return None if found is None else Setup(*found)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)


def _columns(prefix: str, row: Base) -> dict[str, Any]:
    return {f"{prefix}_{name}": getattr(row, name) for name in _table(type(row)).columns.keys()}  # noqa: SIM118


def _changed() -> sa.CTE:
    held = sa.exists().where(
        _EFFECTS.c.id == sa.bindparam("mine"), _EFFECTS.c.token == sa.bindparam("token")
    )
    return (
        sa.update(_RUNS)
        .where(_RUNS.c.id == sa.bindparam("run"), _RUNS.c.number == sa.bindparam("number"), held)
        .values(
            state_sealed=sa.bindparam("state"),
            number=_RUNS.c.number + 1,
            moved_at=sa.bindparam("at"),
        )
        .returning(_RUNS.c.id)
        .cte("changed")
    )


def _done() -> sa.CTE:
    changed = _changed()
    return (
        sa.update(_EFFECTS)
        .where(_EFFECTS.c.id == sa.bindparam("mine"), _EFFECTS.c.run_id == changed.c.id)
        .values(
            status=DONE,
            ended_at=sa.bindparam("at"),
            leased_until=None,
            token=None,
            output_sealed=sa.bindparam("output", type_=_EFFECTS.c.output_sealed.type),
        )
        .returning(_EFFECTS.c.id)
        .cte("done")
    )


def _added(prefix: str, table: sa.Table, done: sa.CTE) -> sa.CTE:
    """Add a row of parameters, one for each column; a SELECT list has no types of its own."""
    given = [sa.cast(sa.bindparam(f"{prefix}_{c.name}"), c.type) for c in table.c]
    row = sa.select(*given).select_from(done)
    return sa.insert(table).from_select(table.c.keys(), row).cte(f"{prefix}_added")


def _stepped(done: sa.CTE) -> sa.CTE:
    rows = (
        sa.func.jsonb_to_recordset(sa.bindparam("steps", type_=JSONB))
        .table_valued(*(sa.column(c.name, c.type) for c in _STEPS.c), name="told")
        .render_derived(with_types=True)
    )
    all_rows = sa.select(*rows.c).select_from(sa.join(done, rows, sa.true()))
    fresh = insert(_STEPS).from_select(_STEPS.c.keys(), all_rows)
    changed = {name: fresh.excluded[name] for name in CHANGING}
    return fresh.on_conflict_do_update(index_elements=["run_id", "entry"], set_=changed).cte(
        "stepped"
    )


def _statement() -> sa.Select[Any]:
    """Put it together, once: it is costly."""
    done, its = _done(), _SETUPS.c
    added = [_added("effect", _EFFECTS, done), _added("entry", _ENTRIES, done)]
    return (
        sa.select(its.changed_at, its.enabled, its.used_at, its.used_ok)
        .select_from(sa.outerjoin(done, _SETUPS, its.name == sa.bindparam("connector")))
        .add_cte(*added, _stepped(done))
    )


_STRIDE = Trip(_statement())

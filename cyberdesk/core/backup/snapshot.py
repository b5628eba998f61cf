"""The database at one instant: what is counted, what is dumped and what is erased agree."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Connection, sql

from cyberdesk.core.backup.tools import plain
from cyberdesk.core.db.engine import APPLICATION_ROLE
from cyberdesk.core.errors import UnavailableError
from cyberdesk.core.text import _

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_CHECKPOINT = "SELECT note FROM audit_checkpoints ORDER BY size DESC LIMIT 1"
_ERASED = "SELECT id FROM data_keys WHERE destroyed_at IS NOT NULL ORDER BY id"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`name` is for pg_dump, as long as the block lasts; `erased` are ids of destroyed keys."""

    name: str
    schema: str
    rows: dict[str, int]
    checkpoint: str
    erased: list[str]


@contextmanager
def taken(dsn: str) -> Iterator[Snapshot]:
    """Hold the database as it is now. Raises UnavailableError when it cannot be read."""
    options = "-c cyberdesk.system=on -c default_transaction_isolation=repeatable\\ read"
    try:
        with psycopg.connect(plain(dsn), options=options) as connection:
            yield _read(connection)
    except psycopg.Error as error:
        raise UnavailableError(
            _("The database cannot be read."), hint=str(error).strip()
        ) from error


def _read(connection: Connection[Any]) -> Snapshot:
    name = _value(connection, "SELECT pg_export_snapshot()")
    return Snapshot(
        name=name,
        schema=_value(connection, "SELECT version_num FROM alembic_version"),
        rows=counted(connection),
        checkpoint=_value(connection, _CHECKPOINT) or "",
        erased=[str(key) for (key,) in connection.execute(_ERASED)],
    )


def counted(connection: Connection[Any]) -> dict[str, int]:
    """Return how many rows each table holds."""
    tables = [name for (name,) in connection.execute(_TABLES)]
    return {name: _count(connection, name) for name in tables}


def _count(connection: Connection[Any], table: str) -> int:
    wanted = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    row = connection.execute(wanted).fetchone()
    return int(row[0]) if row else 0


def _value(connection: Connection[Any], statement: str) -> Any:
    row = connection.execute(statement).fetchone()
    return row[0] if row else None


def empty_house(dsn: str, *, role: str = APPLICATION_ROLE) -> bool:
    """Say whether the database at `dsn` holds no table at all; then see that the role is there."""
    with psycopg.connect(plain(dsn)) as connection:
        if connection.execute(_TABLES).fetchone():
            return False
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
            named = sql.Identifier(role)
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN NOBYPASSRLS").format(named))
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(named))
    return True

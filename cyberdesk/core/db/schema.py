"""DDL that SQLAlchemy does not write by itself: policies, grants, the application's role."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapper
from sqlalchemy.schema import CreateIndex, CreateTable

from cyberdesk.core.db.base import Base
from cyberdesk.core.db.engine import APPLICATION_ROLE


def role_statements(role: str = APPLICATION_ROLE) -> list[str]:
    """Return the DDL for the application's role; the connecting owner may take it."""
    return [
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN "
        f"CREATE ROLE {role} NOLOGIN NOBYPASSRLS; END IF; END $$",
        f"GRANT {role} TO CURRENT_USER",
        f"GRANT USAGE ON SCHEMA public TO {role}",
    ]


def table_statements() -> Iterator[str]:
    """Yield grants and policies of every mapped table; refuse a table without a policy."""
    for mapper in _mapped():
        model, table = mapper.class_, _table_name(mapper)
        if not hasattr(model, "__policy__"):
            raise TypeError(f"{model.__name__} names no __policy__: say who sees its rows")
        yield f'GRANT {model.__grants__} ON "{table}" TO {APPLICATION_ROLE}'
        yield from model.__policy__.statements(table)


def statements() -> Iterator[str]:
    """Yield the whole schema as SQL: roles, tables, indexes, policies, grants, triggers."""
    yield from role_statements()
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    tables = Base.metadata.sorted_tables
    for table in tables:
        yield str(CreateTable(table).compile(dialect=dialect)).strip()
    for table in tables:
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=dialect)).strip()
    yield from table_statements()
    yield from _EXTRA


def create_schema(connection: Connection) -> None:
    """Make the schema from the models, as the owner (tests and drafts of migrations)."""
    for statement in statements():
        connection.execute(text(statement.replace(":", r"\:")))


def on_create(statement: str) -> None:
    """Add DDL that belongs to the schema as a whole: triggers, functions, sequences."""
    if statement not in _EXTRA:
        _EXTRA.append(statement)


_EXTRA: list[str] = []


def _mapped() -> list[Mapper[Any]]:
    return sorted(
        (m for m in Base.registry.mappers if m.local_table is not None),
        key=_table_name,
    )


def _table_name(mapper: Mapper[Any]) -> str:
    table = mapper.local_table
    assert isinstance(table, Table)
    return table.name

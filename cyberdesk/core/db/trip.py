"""One statement that is a transaction of its own, in one trip to the server.

A transaction of the house takes four: it begins, says for whom, asks, commits. Where there is one
statement and it is asked hundreds of times a second, they are sent together (pipeline mode of the
protocol, PostgreSQL 14 §34.5).
"""

from collections.abc import Mapping
from typing import Any

import psycopg
from sqlalchemy import ClauseElement
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql.compiler import SQLCompiler

from cyberdesk.core.db.engine import database
from cyberdesk.core.db.rls import Scope
from cyberdesk.core.db.work import SET


class Trip:
    """A statement, put together once. Its parameters are of the driver's types (psycopg's)."""

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=PGDialect_psycopg())  # type: ignore[no-untyped-call]
        assert isinstance(compiled, SQLCompiler)
        self._sql, self._fixed = compiled.string, compiled.params

    def make(self, scope: Scope, given: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Run it for `scope`, commit, and return its first row, or None.

        Raises psycopg.Error; when the connection is lost, nobody knows whether it was committed.
        """
        lent = database().engine.raw_connection()
        connection = lent.driver_connection
        assert isinstance(connection, psycopg.Connection)
        try:
            with connection.pipeline():
                connection.execute(SET, scope.settings())
                asked = connection.execute(self._sql, {**self._fixed, **given})
                connection.commit()
            found: tuple[Any, ...] | None = asked.fetchone()
        except psycopg.Error:
            if connection.closed:
                lent.invalidate()
            raise
        finally:
            lent.close()
        return found

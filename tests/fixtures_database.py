"""A schema made once for the session, and a clean database for each test."""

from collections.abc import Iterator
from functools import cache

import pytest
from sqlalchemy import Connection, text

from cyberdesk.core import db
from cyberdesk.core.access import throttle
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.keyring import Keyring
from cyberdesk.core.db.base import Base
from cyberdesk.core.db.engine import owner_engine
from cyberdesk.core.db.schema import create_schema
from cyberdesk.rooms import open_rooms


@pytest.fixture(scope="session")
def schema(postgres_server) -> Iterator[str]:
    """The URL of a database whose tables, policies and roles were made from the models."""
    open_rooms()
    engine = owner_engine(postgres_server.dsn)
    with engine.begin() as connection:
        create_schema(connection)
    engine.dispose()
    yield postgres_server.dsn
    _cleaner(postgres_server.dsn).close()


@pytest.fixture(scope="session")
def _connected(schema: str) -> Iterator[db.Database]:
    """Connections for all tests: what one has compiled, prepared and planned serves the next."""
    opened = db.Database(schema, pool_size=4)
    yield opened
    opened.close()


@pytest.fixture
def database(_connected: db.Database) -> Iterator[db.Database]:
    """The application's database, as the role that owns no table; emptied after the test."""
    db.use(_connected)
    vault.use(Keyring.generate())
    throttle.use(throttle.Memory())  # what one test tried slows down no other
    yield _connected
    vault.use(None)
    db.use(None)
    if _connected.engine.pool.checkedout():  # type: ignore[attr-defined]
        _connected.close()  # whoever still holds one keeps it, and the next test gets its own
    empty(_connected.url)


def empty(url: str) -> None:
    """Empty every table as the superuser, past the triggers that keep the journal."""
    _cleaner(url).execute(text("SELECT pg_temp.empty()"))


@cache
def _cleaner(url: str) -> Connection:
    """A connection that is kept, for its function has the plan of each statement ready."""
    # DELETE, for the tables are small: TRUNCATE makes new files for each of them, every time.
    deletes = ";".join(f'DELETE FROM "{table.name}"' for table in Base.metadata.sorted_tables)
    connection = owner_engine(url).connect().execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text("SET session_replication_role = replica"))
    connection.execute(
        text(
            "CREATE FUNCTION pg_temp.empty() RETURNS void LANGUAGE plpgsql"
            f" AS $$ BEGIN {deletes}; END $$"
        )
    )
    return connection

"""A schema made once for the session, and a clean database for each test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from cyberdesk.core import db
from cyberdesk.core.access import throttle
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.keyring import Keyring
from cyberdesk.core.db.base import Base
from cyberdesk.core.db.engine import owner_engine
from cyberdesk.core.db.schema import create_schema
from cyberdesk.rooms import open_rooms


@pytest.fixture(scope="session")
def schema(postgres_server) -> str:
    """The URL of a database whose tables, policies and roles were made from the models."""
    open_rooms()
    engine = owner_engine(postgres_server.dsn)
    with engine.begin() as connection:
        create_schema(connection)
    engine.dispose()
    return postgres_server.dsn


@pytest.fixture
def database(schema: str) -> Iterator[db.Database]:
    """The application's database, as the role that owns no table; emptied after the test."""
    opened = db.Database(schema, pool_size=4)
    db.use(opened)
    vault.use(Keyring.generate())
    throttle.use(throttle.Memory())  # what one test tried slows down no other
    yield opened
    vault.use(None)
    db.use(None)
    opened.close()
    empty(schema)


def empty(url: str) -> None:
    """Empty every table as the superuser, past the triggers that keep the journal."""
    # DELETE, for the tables are small: TRUNCATE makes new files for each of them, every time.
    deletes = ";".join(f'DELETE FROM "{table.name}"' for table in Base.metadata.sorted_tables)
    engine = owner_engine(url)
    with engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(deletes))
    engine.dispose()

"""The migrations make just the schema that the models describe."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from cyberdesk.core.db.base import Base
from cyberdesk.core.db.engine import owner_engine
from cyberdesk.migrations import migrate
from cyberdesk.rooms import load_models

SECURITY = text(
    "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,"
    " pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),"
    " (SELECT string_agg(privilege_type, ',' ORDER BY privilege_type)"
    "    FROM information_schema.role_table_grants g"
    "   WHERE g.table_name = c.relname AND grantee = 'cyberdesk_app'),"
    " (SELECT string_agg(tgname, ',' ORDER BY tgname) FROM pg_trigger t"
    "   WHERE t.tgrelid = c.oid AND NOT tgisinternal)"
    " FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid"
    " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
    " AND c.relname <> 'alembic_version' ORDER BY 1, p.polname"
)


@pytest.fixture(scope="module")
def migrated(postgres_server) -> str:
    """A second database, made by the migrations alone."""
    load_models()
    engine = owner_engine(postgres_server.dsn).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS migrated"))
        connection.execute(text("CREATE DATABASE migrated"))
    url = engine.url.set(database="migrated").render_as_string(hide_password=False)
    migrate(url)
    return url


def test_tables_and_columns_agree(migrated):
    with owner_engine(migrated).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    assert differences == [], (
        "the models changed: write a migration (before release: cyberdesk schema draft)"
    )


def test_row_security_grants_and_triggers_agree(migrated, schema):
    rows = []
    for url in (migrated, schema):
        with owner_engine(url).connect() as connection:
            rows.append(connection.execute(SECURITY).all())
    assert rows[0] == rows[1]
    assert all(row.relrowsecurity and row.relforcerowsecurity for row in rows[0])


def test_migrating_again_changes_nothing(migrated):
    migrate(migrated)

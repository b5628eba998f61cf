"""Alembic's entry: always a live connection, never waiting long behind a lock."""

from alembic import context
from sqlalchemy import Connection, text

from cyberdesk.core.db.base import Base

connection: Connection = context.config.attributes["connection"]
# A migration that waits behind a long query would make everybody wait behind it.
connection.execute(text("SET lock_timeout = '5s'"))
connection.commit()
context.configure(
    connection=connection, target_metadata=Base.metadata, transaction_per_migration=True
)
with context.begin_transaction():
    context.run_migrations()

"""The schema's history. `migrate(url)` brings a database to the newest version, one at a time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from cyberdesk.core.db.engine import owner_engine

_LOCK = 0x534348  # two hosts that start at once migrate one after the other


def config(url: str) -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.attributes["url"] = url
    return made


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url`, as its owner, to `revision`."""
    engine = owner_engine(url)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.commit()
        made = config(url)
        made.attributes["connection"] = connection
        command.upgrade(made, revision)
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
        connection.commit()
    engine.dispose()

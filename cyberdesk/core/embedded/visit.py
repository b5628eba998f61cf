"""For commands beside `up`: the database of a data folder, whether it runs or not."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from cyberdesk.core.embedded.errors import EmbeddedError
from cyberdesk.core.embedded.postgres import Postgres


@contextmanager
def database_of(data: Path) -> Iterator[str]:
    """Yield the DSN of the database in `data`; it is started for the block if it is stopped.

    Raises EmbeddedError when there is none: nothing is created.
    """
    server = Postgres(data)
    if not (server.folder / "PG_VERSION").exists():
        raise EmbeddedError(
            f"There is no database in {data}.",
            hint="Name the data folder with --data, or set CYBERDESK_DATABASE_URL.",
        )
    if _answers(server.dsn):
        yield server.dsn
        return
    server.start()
    try:
        yield server.dsn
    finally:
        server.stop()


def _answers(dsn: str) -> bool:
    try:
        psycopg.connect(dsn.replace("+psycopg", ""), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True

"""For commands that work beside the running house, or while it is stopped."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from cyberdesk.core.embedded.postgres import Postgres
from cyberdesk.core.embedded.valkey import Valkey
from cyberdesk.core.embedded.visit import database_of

DATABASE, QUEUE = "CYBERDESK_DATABASE_URL", "CYBERDESK_REDIS_URL"
OWNER = "CYBERDESK_OWNER_DATABASE_URL"


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--data",
        default="data",
        show_default=True,
        envvar="CYBERDESK_DATA_DIR",
        type=click.Path(path_type=Path, file_okay=False),
        help="The data folder. CYBERDESK_DATABASE_URL names another database.",
    )(command)


@contextmanager
def database_dsn(data: Path) -> Iterator[str]:
    """Yield the database that the environment names, else that of the data folder."""
    if given := os.environ.get(DATABASE):
        yield given
        return
    with database_of(data.absolute()) as dsn:
        yield dsn


@contextmanager
def owner_dsn(data: Path, *, create: bool = False) -> Iterator[str]:
    """Yield the database with its owner's rights; with `create`, a data folder gets a new one."""
    if given := os.environ.get(OWNER) or os.environ.get(DATABASE):
        yield given
        return
    server = Postgres(data.absolute())
    if not create or (server.folder / "PG_VERSION").exists():
        with database_of(data.absolute()) as dsn:
            yield dsn
        return
    server.start()
    try:
        yield server.dsn
    finally:
        server.stop()


@contextmanager
def house(data: Path, *, address: str = "") -> Iterator[None]:
    """Start this process on the database and the secrets of `data`, as `up` would.

    `address` is where people reach the house, when a command gives out links.
    """
    from cyberdesk import process
    from cyberdesk.core.db import database
    from cyberdesk.settings import read

    data = data.absolute()
    with database_dsn(data) as dsn:
        queue = os.environ.get(QUEUE) or Valkey(data).dsn
        given = {DATABASE: dsn, QUEUE: queue, "CYBERDESK_DATA_DIR": str(data)}
        if address:
            given["CYBERDESK_BASE_URL"] = address
        process.start(read(os.environ | given), pool_size=4)
        try:
            yield
        finally:
            database().close()

"""The database and the queue of both hosts, on an address that they reach over their cables."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.house import free_port
from cyberdesk.core.embedded.postgres import DATABASE, OWNER, Postgres
from cyberdesk.core.embedded.valkey import Valkey
from tests.chaos.two_hosts.network import SERVERS


class OpenPostgres(Postgres):
    """PostgreSQL that listens on SERVERS as well, for whoever is on the cables."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"postgresql://{OWNER}@{SERVERS}:{self.port}/{DATABASE}"

    def command(self) -> list[str]:
        return [*super().command(), "-c", f"listen_addresses={SERVERS}", "-c", f"port={self.port}"]

    def prepare(self) -> None:
        super().prepare()
        with (self.folder / "pg_hba.conf").open("a", encoding="ascii") as rules:
            rules.write("host all all 10.77.0.0/16 trust\n")


class OpenValkey(Valkey):
    """Valkey that listens on SERVERS as well."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"redis://{SERVERS}:{self.port}/0"

    def command(self) -> list[str]:
        given = {"port": str(self.port), "bind": SERVERS, "protected-mode": "no"}
        return [
            *super().command(),
            *(w for name, value in given.items() for w in (f"--{name}", value)),
        ]


@contextmanager
def servers() -> Iterator[tuple[Path, Mapping[str, str]]]:
    """Yield a folder and the environment in which each process of either host runs."""
    folder = Path(tempfile.mkdtemp(prefix="cyberdesk-hosts-"))
    postgres, valkey = OpenPostgres(folder), OpenValkey(folder)
    try:
        postgres.start()
        valkey.start()
        yield (
            folder,
            {
                **os.environ,
                "CYBERDESK_DATABASE_URL": postgres.url,
                "CYBERDESK_REDIS_URL": valkey.url,
                "CYBERDESK_EGRESS_ALLOW": "10.77.0.0/16",
            },
        )
    finally:
        for server in (valkey, postgres):
            with contextlib.suppress(Exception):
                server.stop()
        shutil.rmtree(folder, ignore_errors=True)

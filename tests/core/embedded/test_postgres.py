import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cyberdesk.core.embedded.errors import EmbeddedError
from cyberdesk.core.embedded.leftovers import working_in
from cyberdesk.core.embedded.postgres import Postgres


@pytest.fixture
def server(data: Path) -> Iterator[Postgres]:
    server = Postgres(data, durable=False)
    yield server
    server.stop()


def ask(server: Postgres, statement: str) -> object:
    with psycopg.connect(server.dsn.replace("+psycopg", "")) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def postmaster(server: Postgres) -> int:
    return int((server.folder / "postmaster.pid").read_text().split()[0])


def test_it_keeps_its_data_from_one_start_to_the_next(server: Postgres) -> None:
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    server.stop()
    assert not server.alive()

    server.start()
    assert ask(server, "SELECT answer FROM kept") == 42


def test_the_same_order_of_text_everywhere_and_checksums(postgres_server: Postgres) -> None:
    assert ask(postgres_server, "SELECT lower('ÉTÉ')") == "été"
    assert ask(postgres_server, "SHOW server_encoding") == "UTF8"
    assert ask(postgres_server, "SHOW data_checksums") == "on"


def test_no_network_port(postgres_server: Postgres) -> None:
    assert ask(postgres_server, "SHOW listen_addresses") == ""


def test_killed_postmaster_with_a_busy_backend_starts_again(server: Postgres) -> None:
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    busy = psycopg.connect(server.dsn.replace("+psycopg", ""))
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 100000000000)")
    os.kill(postmaster(server), signal.SIGKILL)
    server.stop()
    assert working_in(server.folder), "the busy backend outlives its postmaster"

    server.start()
    assert server.alive()
    assert ask(server, "SELECT answer FROM kept") == 42
    busy.close()


def test_a_pid_file_that_names_a_stranger_is_not_believed(server: Postgres) -> None:
    server.start()
    pid_file = server.folder / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    server.stop()
    pid_file.write_text("\n".join(["1", *lines[1:]]))

    server.start()
    assert postmaster(server) != 1


def test_a_half_done_creation_is_done_again(server: Postgres, data: Path) -> None:
    half = data / "postgres.half-made"
    (half / "base").mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    server.start()
    assert ask(server, "SELECT 1") == 1
    assert not half.exists()


def test_one_holder_at_a_time(server: Postgres, data: Path) -> None:
    server.start()
    with pytest.raises(EmbeddedError, match=rf"in use by process {os.getpid()}"):
        Postgres(data, durable=False).start()
    assert server.alive()

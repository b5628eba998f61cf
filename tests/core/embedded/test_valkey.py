import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from cyberdesk.core.embedded.leftovers import working_in
from cyberdesk.core.embedded.valkey import Valkey


@pytest.fixture
def server(data: Path) -> Iterator[Valkey]:
    server = Valkey(data)
    yield server
    server.stop()


def client(server: Valkey) -> redis.Redis:
    return redis.from_url(server.dsn, decode_responses=True)


def test_it_keeps_its_data_from_one_start_to_the_next(server: Valkey) -> None:
    server.start()
    client(server).set("kept", "42")
    server.stop()
    assert not server.alive()

    server.start()
    assert client(server).get("kept") == "42"


def test_killed_it_starts_again_over_its_stale_socket(server: Valkey) -> None:
    server.start()
    client(server).set("kept", "42")
    for pid in working_in(server.folder):
        os.kill(pid, signal.SIGKILL)
    server.stop()
    assert server.socket.exists()

    server.start()
    assert client(server).get("kept") == "42"


def test_no_port_and_never_a_forgotten_key(valkey_server: Valkey) -> None:
    settings = client(valkey_server).config_get("*")
    assert settings["port"] == "0"
    assert settings["maxmemory-policy"] == "noeviction"
    assert settings["unixsocketperm"] == "700"


def test_an_unreadable_file_is_set_aside_at_the_next_start(server: Valkey) -> None:
    server.start()
    client(server).set("kept", "42")
    server.stop()
    (file,) = (server.folder / "appendonlydir").glob("*.incr.aof")
    file.write_bytes(b"not a command\r\n" * 8)

    with pytest.raises(Exception, match="ended with code 1") as refusal:
        server.start()
    assert "append only file" in str(refusal.value)
    server.start()
    assert client(server).get("kept") is None
    assert (server.folder / "unreadable").exists()

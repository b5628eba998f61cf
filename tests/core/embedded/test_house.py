import json
import os
import signal
import smtplib
import socket
import sys
import urllib.request
from email.message import EmailMessage
from pathlib import Path
from subprocess import run

import psycopg
import pytest

from cyberdesk.core.embedded.house import MARK
from cyberdesk.core.embedded.leftovers import marked, working_in

from .conftest import Up, eventually


def ask(up: Up) -> dict[str, object]:
    """What the small web process knows of itself: its pid and CYBERDESK_ variables."""
    with urllib.request.urlopen(f"http://127.0.0.1:{up.port}/", timeout=5) as answer:
        return json.load(answer)


def everything_of(data: Path) -> list[int]:
    return [*marked(MARK, str(data)), *working_in(data / "postgres"), *working_in(data / "valkey")]


@pytest.fixture
def outside(postgres_server, valkey_server) -> dict[str, str]:
    """Servers that stand already, for tests that are about something else."""
    with psycopg.connect(postgres_server.dsn.replace("+psycopg", ""), autocommit=True) as link:
        link.execute("DROP DATABASE IF EXISTS house WITH (FORCE)")
        link.execute("CREATE DATABASE house")
    return {
        "CYBERDESK_DATABASE_URL": postgres_server.dsn.replace("/cyberdesk?", "/house?"),
        "CYBERDESK_REDIS_URL": valkey_server.dsn,
    }


def test_it_opens_says_where_and_closes_without_a_trace(up, data: Path) -> None:
    house = up("--demo")
    house.wait_for("Stop it with Ctrl-C.")
    assert f"http://127.0.0.1:{house.port}" in house.output()
    assert "Analyst  correct horse" in house.output()
    assert ask(house)["CYBERDESK_DATA_DIR"] == str(data)

    house.process.send_signal(signal.SIGINT)
    assert house.process.wait(15) == 0
    assert house.output().endswith("Stopped.\n")
    assert everything_of(data) == []


@pytest.mark.chaos
def test_killed_outright_it_leaves_nobody_and_starts_again_at_once(up, data: Path) -> None:
    house = up()
    house.wait_for("start number 1")
    house.wait_for("is ready in")
    house.process.kill()
    house.process.wait()

    again = up()
    again.wait_for("start number 2")
    again.wait_for("is ready in")
    again.process.kill()
    again.process.wait()
    eventually(lambda: everything_of(data) == [])


@pytest.mark.chaos
def test_each_killed_server_comes_back_with_its_data(up, data: Path) -> None:
    house = up()
    house.wait_for("is ready in")
    for name in ("postgres", "valkey"):
        before = working_in(data / name)
        os.kill(min(before), signal.SIGKILL)
        house.wait_for(f"{name:<11}! was ended by signal 9 (Killed); starting it again in 0.2 s")
        eventually(lambda name=name, before=before: set(working_in(data / name)) - set(before))
    assert house.answers()

    house.process.send_signal(signal.SIGTERM)
    assert house.process.wait(15) == 0
    up().wait_for("start number 2")


@pytest.mark.chaos
def test_a_killed_web_comes_back_and_refuses_nobody_meanwhile(up, outside) -> None:
    house = up(**outside)
    house.wait_for("is ready in")
    first = ask(house)["pid"]
    os.kill(first, signal.SIGKILL)
    house.wait_for("web        ! was ended by signal 9")
    assert ask(house)["pid"] != first


def test_nobody_but_the_web_inherits_the_door(up, data: Path) -> None:
    house = up()
    house.wait_for("at work")
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    (door,) = [f"socket:[{row.split()[9]}]" for row in rows if _listens_at(row, house.port)]
    held_by = {pid for pid in everything_of(data) if door in _open_files(pid)}
    assert held_by == {ask(house)["pid"]}


def _listens_at(row: str, port: int) -> bool:
    _, local, _, state, *_ = row.split()
    return state == "0A" and int(local.partition(":")[2], 16) == port


def _open_files(pid: int) -> set[str]:
    return {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}


def test_given_servers_are_used_and_none_is_started(up, outside, data: Path) -> None:
    house = up(**outside)
    house.wait_for("is ready in")
    assert ask(house)["CYBERDESK_REDIS_URL"] == outside["CYBERDESK_REDIS_URL"]
    assert not (data / "postgres").exists()


def test_a_second_one_on_the_same_data_is_refused(up, outside, port: int) -> None:
    house = up(**outside)
    house.wait_for("is ready in")
    second = up(**outside)
    assert second.process.wait(15) != 0
    assert f"already in use by process {house.process.pid}" in second.output()
    assert house.answers()


def test_a_taken_port_is_named_with_what_to_do(up, outside, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        house = up(**outside)
        assert house.process.wait(15) != 0
    assert f"Port {port} of 127.0.0.1 is taken" in house.output()
    assert "--port" in house.output()


def test_the_demo_plays_on_once_the_doors_are_open_and_hands_come_after_it(up, data: Path) -> None:
    house = up("--demo")
    house.wait_for("at work")
    said = house.output()
    assert said.index("is ready in") < said.index("the demo plays on") < said.index("at work")


def test_a_demo_that_cannot_play_on_closes_no_door(up) -> None:
    house = up("--demo", SMALL_HOUSE_DEMO="broken")
    house.wait_for("at work")
    said = house.output()
    assert said.count("the script of the demo is torn") == 4
    assert "Started again, the house plays on the rest." in said
    assert house.process.poll() is None


def test_the_demo_keeps_its_mails(up, outside, data: Path) -> None:
    house = up("--demo", **outside)
    house.wait_for("is ready in")
    assert "mails go to smtp://127.0.0.1:" in house.output(), "init sets the connector up"
    mail = EmailMessage()
    mail["Subject"], mail["To"], mail["From"] = "Alerte", "maire@commune.example", "csirt@example"
    mail.set_content("Débranchez le réseau.")
    port = int(str(ask(house)["CYBERDESK_SMTP_URL"]).rsplit(":", 1)[1])
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(mail)
    (kept,) = (data / "mail").glob("*.eml")
    assert "Alerte" in kept.read_text()
    assert "X-Envelope-To: maire@commune.example" in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0


def test_the_supervisor_stays_small() -> None:
    code = (
        "import sys, cyberdesk.cli.up;"
        "heavy = {'flask', 'sqlalchemy', 'psycopg', 'redis', 'aiosmtpd', 'cryptography'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0

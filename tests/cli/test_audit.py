"""`cyberdesk audit` as an operator and as a witness run it, with the codes that scripts read."""

import os
import subprocess
import sys

import pytest

from cyberdesk.core.access import system
from cyberdesk.core.audit import record
from cyberdesk.core.db import atomic
from cyberdesk.core.db.engine import owner_engine
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.db.schema import create_schema
from cyberdesk.core.embedded.postgres import Postgres
from cyberdesk.rooms import open_rooms


@pytest.fixture
def data(database, server_folder):
    """The data folder of the running database, with three entries that wait."""
    with atomic(SYSTEM):
        for _ in range(3):
            record(system("engine"), "run:step")
    return server_folder


def test_a_journal_is_signed_exported_and_verified_elsewhere(command, data, tmp_path):
    unsigned = command("audit", "verify", "--data", data, "--key", "x+00000000+AA==")
    assert unsigned.exit_code == 2
    signed = command("audit", "checkpoint", "--data", data)
    assert signed.stdout.split("\n")[1] == "3"
    key = command("audit", "key", "--data", data).stdout.strip()
    export, witness = tmp_path / "journal.jsonl", tmp_path / "witness.txt"
    witness.write_text(signed.stdout)
    assert command("audit", "export", "--data", data, export).exit_code == 0

    found = command("audit", "verify", "--data", data)
    assert (found.exit_code, "Intact: 3 entries" in found.stdout) == (0, True)
    elsewhere = ("audit", "verify", "--file", export, "--key", key, "--checkpoint", witness)
    assert command(*elsewhere).exit_code == 0

    export.write_text(export.read_text().replace("run:step", "run:stop", 1))
    tampered = command(*elsewhere)
    assert tampered.exit_code == 1
    assert "TAMPERED: entry 0" in tampered.stderr


def test_what_a_former_key_signed_stays_verified(command, data, tmp_path):
    signing = data / "secrets" / "journal.key"
    kept = {one: one.read_text() for one in signing.parent.glob("journal.*")}
    former = command("audit", "key", "--data", data).stdout.strip()
    command("audit", "checkpoint", "--data", data)
    try:
        renewed = command("keys", "renew-signing", signing, "--host", "desk.example.org")
        assert renewed.exit_code == 0, renewed.output
        present = command("audit", "key", "--data", data).stdout.strip()
        assert (present != former, present in renewed.stdout) == (True, True)
        with atomic(SYSTEM):
            record(system("engine"), "run:step")
        assert command("audit", "checkpoint", "--data", data).stdout.split("\n")[1] == "4"
        found = command("audit", "verify", "--data", data)
        assert "Intact: 4 entries as signed by 2" in found.stdout
        assert command("audit", "verify", "--data", data, "--key", present).exit_code == 1
        listed = command("audit", "keys", "--data", data).stdout.splitlines()
        assert [line.split("  ")[0] for line in listed] == [present, former]
        assert all("signed 1 checkpoint(s): 20" in line for line in listed)
        signing.with_suffix(".earlier").unlink()
        assert "MISSING" in command("audit", "keys", "--data", data).stdout
        assert command("audit", "verify", "--data", data).exit_code == 1
    finally:
        for one in signing.parent.glob("journal.*"):
            one.unlink()
        for one, text in kept.items():
            one.write_text(text)
            one.chmod(0o600)


def test_one_entry_is_proved_to_somebody_who_has_the_key_only(command, data, tmp_path):
    command("audit", "checkpoint", "--data", data)
    proof, key = tmp_path / "proof.json", tmp_path / "journal.pub"
    key.write_text(command("audit", "key", "--data", data).stdout)
    proof.write_text(command("audit", "prove", "--data", data, 1).stdout)
    proved = command("audit", "verify", "--file", proof, "--key", key)
    assert proved.exit_code == 0
    assert "Proved: entry 1 of a journal of 3" in proved.stdout
    assert command("audit", "prove", "--data", data, 3).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("--data", "/nonexistent/data"),
        ("--file", "/dev/null", "--key", "nonsense"),
        ("--file", "/dev/null"),
        ("--file", "/nonexistent"),
    ],
)
def test_what_cannot_be_checked_ends_with_two_and_a_reason(command, arguments):
    ended = command("audit", "verify", *arguments)
    assert ended.exit_code == 2
    assert ended.stderr.strip()
    assert isinstance(ended.exception, SystemExit)


def test_a_stopped_database_is_started_for_the_check_and_stopped_again(short_data):
    server = Postgres(short_data, durable=False)
    owner = owner_engine(server.start())
    open_rooms()
    with owner.begin() as connection:
        create_schema(connection)
    owner.dispose()
    server.stop()
    for act in ("checkpoint", "verify"):
        ended = subprocess.run(
            [sys.executable, "-m", "cyberdesk", "audit", act, "--data", short_data],
            env={"PATH": os.defpath},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ended.returncode, ended.stderr) == (0, "")
    assert "Intact: 0 entries" in ended.stdout
    assert not (server.folder / "postmaster.pid").exists()

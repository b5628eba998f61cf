"""`cyberdesk keys`: what an operator does with the keys, on a running database."""

import pytest

from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.keyring_file import KeyringFile, open_keyring
from cyberdesk.core.db import atomic


@pytest.fixture
def ring(database, server_folder) -> KeyringFile:
    """The keyring of the running house, with two data keys under it."""
    ring = open_keyring(server_folder / "secrets" / "keyring.json", create=True)
    vault.use(ring)
    with atomic():
        for _ in range(2):
            vault.create_key("case")
    return ring


def test_rotation_while_the_house_runs(command, ring, server_folder):
    [old, *_] = ring.wrapping_ids()
    with atomic():
        sealed_under = vault.create_key("case")
    early = command("keys", "retire", "--data", server_folder, old)
    assert early.exit_code == 1
    rotated = command("keys", "rotate", "--data", server_folder)
    assert "3 data keys are now under" in rotated.stdout
    status = command("keys", "status", "--data", server_folder).stdout
    assert f"{old}  old            0 data keys" in status
    assert "current        3 data keys" in status
    vault.forget()
    with atomic():
        assert vault.key_of(sealed_under)
    assert command("keys", "retire", "--data", server_folder, old).exit_code == 0
    ring.reload()
    assert old not in ring.wrapping_ids()


def test_a_lost_key_is_shown_as_missing(command, ring, server_folder):
    ring.path.unlink()
    shown = command("keys", "status", "--data", server_folder).stdout
    assert f"{ring.current_id}  MISSING        2 data keys cannot be opened" in shown


def test_new_keys_are_made_once(command, tmp_path):
    made = command("keys", "generate", "--into", tmp_path / "secrets", "--host", "desk.example")
    assert made.exit_code == 0, made.stderr
    assert "desk.example/journal/" in made.stdout
    before = (tmp_path / "secrets" / "keyring.json").read_bytes()
    again = command("keys", "generate", "--into", tmp_path / "secrets")
    assert again.exit_code == 1
    assert "kept" in again.stderr
    assert (tmp_path / "secrets" / "keyring.json").read_bytes() == before

import threading

import pytest

from cyberdesk.core.crypto.aead import Key
from cyberdesk.core.crypto.keyring import Keyring, UnknownKeyError
from cyberdesk.core.crypto.keyring_file import KeyringFile, open_keyring
from cyberdesk.core.crypto.secret_file import SecretError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "secrets" / "keyring.json"


def test_a_missing_keyring_is_only_made_where_that_is_wanted(path):
    with pytest.raises(SecretError, match="missing"):
        open_keyring(path)
    first = open_keyring(path, create=True)
    assert open_keyring(path, create=True).current_id == first.current_id


def test_the_environment_comes_before_the_file(path):
    open_keyring(path, create=True)
    given = Keyring.generate()
    given.write(path.with_name("other"))
    text = path.with_name("other").read_text()
    assert open_keyring(path, text=text) == given


def test_processes_that_start_together_share_one_keyring(path):
    opened, gate = [], threading.Barrier(8)

    def start():
        gate.wait()
        opened.append(open_keyring(path, create=True).current_id)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 8
    assert set(opened) == {KeyringFile(path).current_id}


def test_a_running_process_learns_of_a_rotation_elsewhere(path):
    here, there = open_keyring(path, create=True), KeyringFile(path)
    there.rotate()
    key = Key.generate()
    assert here.current_id != there.current_id
    assert here.unwrap(key.id, there.wrap(key)) == key
    assert here.current_id == there.current_id


def test_a_retired_key_opens_nothing_any_more(path):
    ring, key = open_keyring(path, create=True), Key.generate()
    old, wrapped = ring.wrapping_ids()[0], ring.wrap(key)
    with pytest.raises(SecretError, match="rotate first"):
        ring.retire(old)
    ring.rotate()
    assert ring.unwrap(key.id, wrapped) == key
    ring.retire(old)
    with pytest.raises(UnknownKeyError, match=str(old)):
        ring.unwrap(key.id, wrapped)


def test_rotation_keeps_the_peppers(path):
    ring = open_keyring(path, create=True)
    before = ring.peppers
    ring.rotate()
    assert ring.peppers == before

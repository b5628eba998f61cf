import json
import os

import pytest

from cyberdesk.core.crypto.aead import Key, Place, SealError, seal
from cyberdesk.core.crypto.keyring import Keyring
from cyberdesk.core.crypto.secret_file import SecretError, read_secret, write_secret


@pytest.fixture
def path(tmp_path):
    return tmp_path / "secrets" / "keyring.json"


def test_a_written_keyring_is_read_back_and_only_its_owner_can(path):
    keyring = Keyring.generate()
    keyring.write(path)
    assert Keyring.load(path) == keyring
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["keyring.json"]


def test_a_first_start_never_overwrites_a_keyring(path):
    kept = Keyring.generate()
    kept.write(path)
    with pytest.raises(SecretError, match="kept"):
        Keyring.generate().write(path)
    assert Keyring.load(path) == kept


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_keyring_open_to_others_is_refused_with_the_cure(path, mode):
    Keyring.generate().write(path)
    path.chmod(mode)
    with pytest.raises(SecretError, match="chmod 600"):
        Keyring.load(path)


def test_what_is_not_a_secret_file_is_named(tmp_path):
    with pytest.raises(SecretError, match="missing"):
        read_secret(tmp_path / "absent")
    with pytest.raises(SecretError, match="cannot be read"):
        read_secret(tmp_path)
    write_secret(tmp_path / "long", "x" * 70_000)
    with pytest.raises(SecretError, match="larger"):
        read_secret(tmp_path / "long")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "binary").chmod(0o600)
    with pytest.raises(SecretError, match="text of a secret"):
        read_secret(tmp_path / "binary")


def test_where_nothing_can_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SecretError, match="cannot be written"):
        Keyring.generate().write(tmp_path / "file" / "keyring.json")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_secret_that_another_account_owns_is_refused(path):
    Keyring.generate().write(path)
    os.chown(path, 12345, 12345)
    with pytest.raises(SecretError, match="another account"):
        Keyring.load(path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("peppers"),
        lambda data: data.update(more=1),
        lambda data: data.update(version=2),
        lambda data: data.update(wrapping=[]),
        lambda data: data["wrapping"].update(current="0190f000-0000-7000-8000-000000000000"),
        lambda data: data["wrapping"].update(current="nonsense"),
        lambda data: data["wrapping"].update(keys={}),
        lambda data: data["peppers"]["keys"].update({data["peppers"]["current"]: "c2hvcnQ="}),
        lambda data: data["peppers"]["keys"].update({data["peppers"]["current"]: "&&&&"}),
        lambda data: data["peppers"]["keys"].update({data["peppers"]["current"]: 7}),
    ],
)
def test_a_malformed_keyring_is_refused_without_showing_a_key(tmp_path, spoil):
    Keyring.generate().write(tmp_path / "k")
    data = json.loads((tmp_path / "k").read_text())
    secrets = [*data["wrapping"]["keys"].values(), *data["peppers"]["keys"].values()]
    spoil(data)
    with pytest.raises(SecretError, match="the vault is not a keyring") as caught:
        Keyring.parse(json.dumps(data), source="the vault")
    assert not any(secret in str(caught.value) for secret in secrets)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "null", '"text"'])
def test_a_text_that_is_no_keyring_is_refused(text):
    with pytest.raises(SecretError, match="not a keyring"):
        Keyring.parse(text, source="CYBERDESK_KEYRING")


def test_a_wrapped_key_comes_back_and_belongs_to_its_own_id():
    keyring, key = Keyring.generate(), Key.generate()
    wrapped = keyring.wrap(key)
    assert keyring.unwrap(key.id, wrapped) == key
    with pytest.raises(SealError):
        keyring.unwrap(Key.generate().id, wrapped)


def test_rotation_opens_the_old_and_rewraps_to_the_new(tmp_path):
    old, key = Keyring.generate(), Key.generate()
    wrapped = old.wrap(key)
    Keyring(old.wrapping.renewed(), old.peppers).write(tmp_path / "k")
    new = Keyring.load(tmp_path / "k")
    rewrapped = new.wrap(new.unwrap(key.id, wrapped))
    retired = Keyring(new.wrapping.without(old.wrapping.current.id), new.peppers)
    assert retired.unwrap(key.id, rewrapped) == key
    with pytest.raises(SecretError, match="not in the keyring"):
        retired.unwrap(key.id, wrapped)


def test_the_current_key_cannot_be_removed():
    keyring = Keyring.generate()
    with pytest.raises(SecretError, match="rotate first"):
        keyring.wrapping.without(keyring.wrapping.current.id)


def test_a_sealed_value_cannot_pose_as_a_data_key():
    keyring, key = Keyring.generate(), Key.generate()
    place = Place("note", str(key.id), "wrapped")
    posing = seal(key.secret, key=keyring.wrapping.current, place=place)
    with pytest.raises(SealError):
        keyring.unwrap(key.id, posing)

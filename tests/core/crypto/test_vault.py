import threading
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.aead import SealError
from cyberdesk.core.crypto.keyring_file import open_keyring
from cyberdesk.core.crypto.models import DataKey
from cyberdesk.core.crypto.vault import ErasedError
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM

pytestmark = pytest.mark.usefixtures("database")
ROW = uuid4()
CELL = {"table": "notes", "row": ROW, "column": "body"}


def new_key():
    with atomic():
        return vault.create_key("case", uuid4())


def unseal(key_id, sealed, **cell):
    with atomic():
        return vault.unseal(key_id, sealed, **(CELL | cell))


def seal(key_id, plain=b"what the victim said"):
    with atomic():
        return vault.seal(key_id, plain, **CELL)


def test_a_sealed_value_opens_in_its_cell_only():
    key_id = new_key()
    sealed = seal(key_id)
    assert b"victim" not in sealed
    assert unseal(key_id, sealed) == b"what the victim said"
    for elsewhere in ({"table": "notices"}, {"row": uuid4()}, {"column": "title"}):
        with pytest.raises(SealError):
            unseal(key_id, sealed, **elsewhere)


def test_another_cases_key_does_not_open_it():
    sealed = seal(new_key())
    with pytest.raises(SealError):
        unseal(new_key(), sealed)


def test_the_database_never_holds_an_open_key():
    key_id = new_key()
    with atomic():
        secret = vault.key_of(key_id).secret
        row = session().get_one(DataKey, key_id)
        assert secret not in row.wrapped
        assert row.kek_id == vault.keyring().current_id


def test_opened_keys_are_remembered_but_few_and_not_for_long(monkeypatch):
    monkeypatch.setattr(vault, "CACHED_KEYS", 2)
    ids = [new_key() for _ in range(3)]
    assert list(vault._cache) == ids[1:]
    monkeypatch.setattr(vault, "CACHED_SECONDS", -1.0)
    shredded = new_key()
    with atomic(SYSTEM):  # as another process would: behind the back of this one's cache
        session().execute(
            text("UPDATE data_keys SET wrapped = NULL WHERE id = :id"), {"id": shredded}
        )
    with pytest.raises(ErasedError), atomic():
        vault.key_of(shredded)


def test_shredding_erases_at_once_and_keeps_the_tombstone():
    key_id = new_key()
    sealed = seal(key_id)
    with atomic(SYSTEM):
        vault.shred(key_id)
        with pytest.raises(ErasedError):
            vault.key_of(key_id)
    with pytest.raises(ErasedError, match=str(key_id)):
        unseal(key_id, sealed)
    with atomic(SYSTEM):
        row = session().get_one(DataKey, key_id)
        assert (row.wrapped, row.kind) == (None, "case")
        destroyed_at = row.destroyed_at
        vault.shred(key_id)
        assert row.destroyed_at == destroyed_at


def test_a_shredding_that_is_rolled_back_erased_nothing():
    key_id = new_key()
    sealed = seal(key_id)
    with pytest.raises(RuntimeError), atomic(SYSTEM):
        vault.shred(key_id)
        raise RuntimeError
    assert unseal(key_id, sealed) == b"what the victim said"


def test_a_reader_during_the_shredding_does_not_keep_the_key():
    key_id = new_key()

    def read_meanwhile():
        with atomic():
            vault.key_of(key_id)

    with atomic(SYSTEM):
        vault.shred(key_id)
        reader = threading.Thread(target=read_meanwhile)
        reader.start()
        reader.join()
        assert key_id in vault._cache
    assert key_id not in vault._cache


def test_a_tombstone_cannot_be_removed_by_the_application():
    new_key()
    with pytest.raises(ProgrammingError, match="permission denied"), atomic():
        session().execute(text("DELETE FROM data_keys"))


def test_rotation_wraps_every_living_key_anew(tmp_path):
    ring = open_keyring(tmp_path / "keyring.json", create=True)
    vault.use(ring)
    ids = [new_key() for _ in range(5)]
    sealed = seal(ids[0])
    with atomic(SYSTEM):
        vault.shred(ids[4])
    [old] = ring.wrapping_ids()
    ring.rotate()
    with atomic(SYSTEM):
        assert [vault.rewrap(limit=3), vault.rewrap(limit=3), vault.rewrap(limit=3)] == [3, 1, 0]
    ring.retire(old)
    vault.forget()
    assert unseal(ids[0], sealed) == b"what the victim said"
    with atomic():
        used = session().scalars(select(DataKey.kek_id).where(DataKey.wrapped.is_not(None))).all()
    assert set(used) == {ring.current_id}

"""The evidence store on a real disk and a real PostgreSQL."""

import errno
import io
import os
import threading
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from cyberdesk.core import clock
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.audit.read import payload_of
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.aead import SealError
from cyberdesk.core.crypto.stream import CHUNK_BYTES
from cyberdesk.core.crypto.vault import ErasedError
from cyberdesk.core.db import Scope, atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, TooLargeError, UnavailableError
from cyberdesk.core.files import service, upkeep
from cyberdesk.core.files.models import DAMAGED, ERASED, KEPT, StoredFile
from cyberdesk.core.jobs.models import Message
from tests.core.files.conftest import EVE

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def count():
    with atomic(SYSTEM) as s:
        return s.scalar(select(func.count()).select_from(StoredFile))


def custody(file) -> list[str]:
    with atomic(SYSTEM) as s:
        told = select(AuditEntry.action).where(AuditEntry.subject_id == file.id)
        return list(s.scalars(told.order_by(AuditEntry.id)))


def again(file) -> StoredFile:
    with atomic(SYSTEM) as s:
        return s.get_one(StoredFile, file.id)


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, 3 * CHUNK_BYTES + 7])
def test_what_is_kept_is_read_back(desk, size):
    content = os.urandom(size)
    file = desk.keep(content)
    assert (file.sha256, file.size) == (sha256(content).digest(), size)
    assert desk.read(file) == content
    assert desk.read(again(file)) == content


def test_what_lies_on_disk_tells_nothing(desk):
    file = desk.keep(PNG + b"le mot de passe est Soleil93", label="mots de passe.txt")
    [path] = desk.on_disk()
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"Soleil" not in path.read_bytes()
    for telling in ("passe", str(file.id), file.sha256.hex(), str(file.key_id)):
        assert telling not in str(path.relative_to(desk.root))
    with atomic(SYSTEM) as s:
        assert b"passe" not in s.scalar(text("SELECT label_sealed FROM stored_files"))


@pytest.mark.parametrize("label", ["../../../etc/passwd", "/etc/cron.d/x", "..\\x.exe", "", "a\0b"])
def test_a_given_name_is_a_label_and_no_path(desk, label):
    file = desk.keep(PNG, label=label)
    assert again(file).label == label
    assert len(desk.on_disk()) == 1
    assert desk.on_disk()[0].is_relative_to(desk.root)


def test_the_same_content_lies_once_in_a_scope_and_apart_in_two(desk):
    first, second = desk.keep(PNG), desk.keep(PNG, label="again")
    assert first.address == second.address
    assert len(desk.on_disk()) == 1
    other = desk.keep(PNG, owner=desk.two)
    assert other.address != first.address
    assert len(desk.on_disk()) == 2


def test_each_scope_sees_its_own_files(desk):
    desk.keep(PNG)
    with atomic(Scope(declarations=frozenset({desk.two.id}))) as s:
        assert s.scalars(select(StoredFile)).all() == []
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        atomic(Scope(declarations=frozenset({desk.two.id}))),
    ):
        owner = desk.one
        service.store(EVE, _source(PNG), key_id=owner.key_id, label="", declaration_id=owner.id)


def _source(content):
    return io.BytesIO(content)


def test_more_than_the_limit_is_refused_while_it_is_read(desk):
    class Endless:
        served = 0

        def read(self, size, /):
            self.served += size
            return b"x" * size

    source = Endless()
    with pytest.raises(TooLargeError, match=r"\b1\sM"), atomic(SYSTEM):
        service.store(EVE, source, key_id=desk.one.key_id, label="", limit=1 << 20)
    assert source.served <= (1 << 20) + 2 * CHUNK_BYTES
    assert desk.on_disk() == []
    assert count() == 0


def test_exactly_the_limit_is_taken(desk):
    assert desk.keep(b"x" * 1000, limit=1000).size == 1000
    with pytest.raises(TooLargeError):
        desk.keep(b"x" * 1001, limit=1000)


def test_a_source_that_breaks_off_leaves_nothing(desk):
    class Broken:
        reads = 0

        def read(self, size, /):
            self.reads += 1
            if self.reads > 2:
                raise ConnectionResetError(errno.ECONNRESET, "gone")
            return b"x" * size

    with pytest.raises(UnavailableError, match="reset by peer"), atomic(SYSTEM):
        service.store(EVE, Broken(), key_id=desk.one.key_id, label="")
    assert desk.on_disk() == []


def test_a_full_disk_is_told_and_leaves_nothing(desk, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("cyberdesk.core.files.blobs.os.fsync", full)
    with pytest.raises(UnavailableError, match="No space left"):
        desk.keep(PNG)
    assert desk.on_disk() == []


def test_nothing_is_kept_under_a_destroyed_key(desk):
    with atomic(SYSTEM):
        vault.shred(desk.one.key_id)
    with pytest.raises(ErasedError):
        desk.keep(PNG)
    assert desk.on_disk() == []


def test_the_chain_of_custody_tells_every_act(desk):
    file = desk.keep(PNG)
    desk.read(file)
    with atomic(SYSTEM):
        service.verify(EVE, again(file))
    with atomic(SYSTEM):
        service.erase(EVE, again(file), reason="the victim asked")
    assert custody(file) == ["file:keep", "file:read", "file:verify", "file:erase"]
    with atomic(SYSTEM) as s:
        first = s.scalars(select(AuditEntry).where(AuditEntry.action == "file:keep")).one()
        assert payload_of(first)["sha256"] == file.sha256.hex()
        assert first.key_id == file.key_id


def damage(path, change) -> None:
    data = bytearray(path.read_bytes())
    path.write_bytes(change(data))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: data[:-1], id="cut"),
        pytest.param(lambda data: data[: -20 - CHUNK_BYTES], id="a chunk less"),
        pytest.param(lambda data: data + b"x", id="lengthened"),
        pytest.param(lambda data: bytes([data[0] ^ 1]) + data[1:], id="header"),
        pytest.param(lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:], id="one bit"),
        pytest.param(lambda data: b"", id="emptied"),
    ],
)
def test_a_file_changed_on_disk_is_not_read_and_is_found(desk, change):
    file = desk.keep(os.urandom(2 * CHUNK_BYTES + 5))
    damage(desk.on_disk()[0], change)
    with pytest.raises(SealError):
        desk.read(file)
    with atomic(SYSTEM):
        assert service.verify(EVE, again(file)) is False
    assert again(file).state == DAMAGED
    assert custody(file)[-1] == "file:damaged"


def test_a_file_put_in_anothers_place_is_found(desk):
    one, two = desk.keep(b"one" * 9), desk.keep(b"two" * 9)
    paths = {blob.read_bytes(): blob for blob in desk.on_disk()}
    (first, first_path), (second, second_path) = paths.items()
    first_path.write_bytes(second)
    second_path.write_bytes(first)
    for file in (one, two):
        with pytest.raises(SealError, match="another file"):
            desk.read(file)


def test_a_file_missing_from_the_store_is_told_before_anything_is_sent(desk):
    file = desk.keep(PNG)
    content = desk.on_disk()[0].read_bytes()
    path = desk.on_disk()[0]
    path.unlink()
    with pytest.raises(UnavailableError), atomic(SYSTEM):
        service.read(EVE, again(file))
    with atomic(SYSTEM):
        assert service.verify(EVE, again(file)) is False
    path.write_bytes(content)  # as from a backup
    with atomic(SYSTEM):
        assert service.verify(EVE, again(file)) is True
    assert again(file).state == KEPT


def test_erasing_takes_content_and_name_and_leaves_the_hash(desk):
    file = desk.keep(PNG)
    with atomic(SYSTEM):
        service.erase(EVE, again(file), reason="asked")
    erased = again(file)
    assert desk.on_disk() == []
    assert (erased.state, erased.label, erased.sha256) == (ERASED, "", file.sha256)
    with pytest.raises(ConflictError), atomic(SYSTEM):
        service.read(EVE, erased)


def test_erasing_is_undone_with_its_transaction(desk):
    file = desk.keep(PNG)
    with pytest.raises(RuntimeError), atomic(SYSTEM):
        service.erase(EVE, session().get_one(StoredFile, file.id), reason="asked")
        raise RuntimeError
    assert desk.read(again(file)) == PNG


def test_erasing_one_of_two_with_the_same_content_leaves_the_other(desk):
    one, two = desk.keep(PNG), desk.keep(PNG)
    with atomic(SYSTEM):
        service.erase(EVE, again(one), reason="twice")
    assert desk.read(two) == PNG


def test_erasing_the_key_erases_its_files(desk):
    file, other = desk.keep(PNG), desk.keep(PNG, owner=desk.two)
    with atomic(SYSTEM):
        vault.shred(desk.one.key_id)
    with pytest.raises(ConflictError), atomic(SYSTEM):
        service.read(EVE, again(file))
    upkeep.sweep()
    assert again(file).state == ERASED
    assert len(desk.on_disk()) == 1
    assert desk.read(other) == PNG


def test_the_sweep_takes_what_no_file_stands_for(desk):
    file = desk.keep(PNG)
    with pytest.raises(RuntimeError), atomic(SYSTEM):
        service.store(EVE, _source(b"rolled back"), key_id=desk.one.key_id, label="")
        raise RuntimeError
    stray = desk.root / "drafts" / "left by a dead process"
    fresh = desk.root / "drafts" / "being written"
    for draft in (stray, fresh):
        draft.write_bytes(b"x")
    os.utime(stray, (0, 0))
    assert len(desk.on_disk()) == 4
    assert upkeep.sweep() == 2
    assert sorted(desk.on_disk()) == sorted([fresh, *desk.root.glob("??/??/*")])
    assert desk.read(file) == PNG
    assert upkeep.sweep() == 0


def test_the_sweep_waits_for_a_file_that_is_being_kept(desk):
    kept, go_on = threading.Event(), threading.Event()
    stored = []

    def keep():
        with atomic(SYSTEM):
            stored.append(
                service.store(
                    EVE, _source(PNG), key_id=desk.one.key_id, label="", declaration_id=uuid4()
                )
            )
            kept.set()
            go_on.wait(10)

    writer = threading.Thread(target=keep)
    writer.start()
    kept.wait(10)
    sweeper = threading.Thread(target=upkeep.sweep)
    sweeper.start()
    sweeper.join(0.3)
    assert sweeper.is_alive()
    go_on.set()
    writer.join()
    sweeper.join()
    assert desk.read(stored[0]) == PNG


def test_files_are_read_through_once_a_month(desk):
    file, fresh = desk.keep(PNG), desk.keep(b"fresh")
    with atomic(SYSTEM) as s:
        s.get_one(StoredFile, file.id).verified_at = clock.now() - timedelta(days=31)
    assert upkeep.ask_for_checks() == 1
    assert upkeep.ask_for_checks() == 0
    with atomic(SYSTEM) as s:
        [asked] = s.scalars(select(Message)).all()
    upkeep.check(**asked.payload)
    assert again(file).verified_at > clock.now() - timedelta(minutes=1)
    assert custody(file)[-1] == "file:verify"
    assert custody(fresh) == ["file:keep"]


def test_the_store_is_swept_once_a_day(desk):
    assert [upkeep.ask_for_sweep(), upkeep.ask_for_sweep()] == [1, 0]


def test_files_of_a_declaration_become_the_cases(desk):
    file, case_id = desk.keep(PNG), uuid4()
    with atomic(SYSTEM):
        service.adopt(desk.one.id, case_id)
    assert again(file).case_id == case_id

"""Writing, ordering and signing the journal on a real PostgreSQL."""

import threading
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from cyberdesk.core.access.actor import Actor, ActorKind
from cyberdesk.core.audit import checkpoints, note, record, recorded
from cyberdesk.core.audit.checkpoints import JournalBrokenError
from cyberdesk.core.audit.merkle import Frontier, leaf_hash
from cyberdesk.core.audit.models import AuditEntry, AuditLeaf, AuditPending
from cyberdesk.core.audit.read import payload_of
from cyberdesk.core.audit.sequencer import LOCK, integrate, integrate_all
from cyberdesk.core.audit.signed_note import Checkpoint, Note
from cyberdesk.core.audit.stored import check
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.signing import Signer
from cyberdesk.core.db import Scope, atomic, session
from cyberdesk.core.db.engine import owner_engine
from cyberdesk.core.db.rls import SYSTEM

EVE = Actor(ActorKind.PERSON, uuid4(), "Ève")


def count(model):
    with atomic(SYSTEM) as s:
        return len(s.scalars(select(model)).all())


def test_an_entry_is_written_with_its_change_or_not_at_all(journal):
    with pytest.raises(RuntimeError), atomic(SYSTEM):
        record(EVE, "case:close")
        raise RuntimeError
    assert (count(AuditEntry), count(AuditPending)) == (0, 0)


def test_a_recorded_service_tells_what_it_was_given_and_what_it_noted(journal):
    case = journal.case()

    @recorded("case:close", about="case")
    def close(actor, case, *, reason, secret=None):
        note(severity=3)

    with atomic(SYSTEM) as s:
        close(EVE, case, reason="done")
        s.flush()
        [entry] = s.scalars(select(AuditEntry))
        assert (entry.action, entry.actor_id, entry.case_id) == ("case:close", EVE.id, case.case_id)
        told = payload_of(entry)
    assert told["reason"] == "done"
    assert told["severity"] == 3
    assert b"done" not in entry.payload


def test_nothing_is_recorded_of_a_service_that_failed(journal):
    @recorded("case:close")
    def close(actor):
        raise ValueError

    with atomic(SYSTEM), pytest.raises(ValueError):
        close(EVE)
    assert count(AuditEntry) == 0


def test_entries_of_many_writers_get_one_order_without_gaps(journal):
    def write():
        for _ in range(10):
            with atomic(SYSTEM):
                record(EVE, "case:note")
            integrate(3)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    integrate_all()
    with atomic(SYSTEM) as s:
        rows = s.execute(select(AuditLeaf.seq, AuditLeaf.header, AuditLeaf.leaf_hash)).all()
        frontier = Frontier.from_bytes(s.scalar(text("SELECT frontier FROM audit_tree")))
    rows.sort()
    assert [row.seq for row in rows] == list(range(40))
    leaves = [leaf_hash(seq.to_bytes(8) + header) for seq, header, _ in rows]
    assert leaves == [row.leaf_hash for row in rows]
    assert frontier == Frontier().extend(leaves)
    assert count(AuditPending) == 0


def test_only_one_process_appends_at_a_time(journal):
    with atomic(SYSTEM):
        record(EVE, "case:note")
    held, release = threading.Event(), threading.Event()

    def hold():
        with atomic(SYSTEM) as s:
            s.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            held.set()
            release.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    assert integrate() == 0
    release.set()
    holder.join()
    assert integrate() == 1


def test_an_uncommitted_entry_waits_and_holds_nobody_up(journal):
    with atomic(SYSTEM) as s:
        record(EVE, "case:slow")
        s.flush()
        other = threading.Thread(target=journal.write)
        other.start()
        other.join()
        assert journal.ask("SELECT count(*) FROM audit_leaves") == (1,)
    assert integrate_all() == 1


@pytest.mark.parametrize(
    ("table", "column"),
    [("audit_entries", "action"), ("audit_leaves", "seq"), ("audit_checkpoints", "note")],
)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"],
)
def test_the_owner_himself_is_refused_any_change(journal, schema, statement, table, column):
    with (
        pytest.raises(DBAPIError, match="append-only"),
        owner_engine(schema).begin() as connection,
    ):
        connection.execute(text(statement.format(table=table, column=column)))


@pytest.mark.parametrize("table", ["audit_entries", "audit_leaves", "audit_checkpoints"])
@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_application_has_not_even_the_right(journal, table, right):
    with atomic(SYSTEM) as s:
        held = text("SELECT has_table_privilege(current_user, :table, :right)")
        assert s.scalar(held, {"table": table, "right": right}) is False


def test_the_application_cannot_queue_or_unqueue_behind_the_journals_back(journal):
    with atomic(SYSTEM) as s:
        held = text("SELECT has_table_privilege(current_user, 'audit_pending', 'INSERT')")
        assert s.scalar(held) is False


def test_the_queue_stays_closed_to_ordinary_transactions(journal):
    with atomic(Scope(person=EVE.id)):
        record(EVE, "account:sign-in")
    with atomic(Scope(person=EVE.id)) as s:
        assert s.scalars(select(AuditPending)).all() == []
        s.execute(text("DELETE FROM audit_pending"))
    assert integrate() == 1


def test_a_short_salt_is_refused(journal):
    with pytest.raises(IntegrityError, match="salt_length"), atomic(SYSTEM):
        record(EVE, "case:note").salt = b"short"


@pytest.mark.parametrize("action", ['case:"', "case:\\", "case:\n", "case:\x7f"])
def test_a_name_that_json_would_escape_is_refused(journal, action):
    with pytest.raises(IntegrityError, match="plain_names"), atomic(SYSTEM):
        record(EVE, action)


def test_a_checkpoint_signs_all_there_is_and_only_once(journal):
    with atomic(SYSTEM):
        record(EVE, "case:note")
    first = journal.sign()
    assert journal.sign().id == first.id
    journal.write(2)
    second = journal.sign()
    read = Note.parse(second.note)
    assert read.verify(journal.signer.verifier)
    assert Checkpoint.parse(read.text).size == second.size == 3
    assert journal.check().verdict.checkpoints == 2


def test_an_empty_journal_can_be_signed(journal):
    assert journal.sign().size == 0
    assert journal.check().verdict.size == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET action = 'case:other' WHERE action = 'case:note'",
        "UPDATE audit_leaves SET header = 'x', leaf_hash = 'y' WHERE seq = 3",
        "DELETE FROM audit_leaves WHERE seq = 4",
        "UPDATE audit_tree SET frontier = (SELECT frontier FROM audit_checkpoints)",
        "UPDATE audit_checkpoints SET frontier = (SELECT frontier FROM audit_tree)",
        "UPDATE audit_checkpoints SET note = replace(note, E'\\n2\\n', E'\\n1\\n')",
    ],
)
def test_nothing_is_signed_on_top_of_a_broken_journal(journal, statement):
    journal.write(2)
    journal.sign()
    journal.write(3)
    journal.tamper(statement)
    with pytest.raises(JournalBrokenError):
        journal.sign()


def test_a_new_signing_key_continues_when_the_old_one_is_named(journal):
    journal.write()
    journal.sign()
    old, new = journal.signer.verifier, Signer.generate("desk.example/journal/ffff")
    journal.write()
    checkpoints.use(new)
    with pytest.raises(JournalBrokenError, match="known key"):
        checkpoints.checkpoint()
    checkpoints.use(new, [old])
    checkpoints.checkpoint()
    assert check(journal.url, [old, new.verifier]).verdict.checkpoints == 2


def test_erasing_a_case_leaves_its_entries_provable(journal):
    case = journal.case()
    [entry] = journal.write(subject=case, said="what nobody may read any more")
    journal.sign()
    with atomic(SYSTEM):
        assert payload_of(entry)["said"].startswith("what")
        vault.shred(case.key_id)
    with atomic(SYSTEM):
        assert payload_of(session().get(AuditEntry, entry.id)) is None
    journal.write(subject=case, said="too late")
    journal.sign()
    assert journal.check().verdict.signed == 2


def test_what_is_told_after_the_erasure_is_told_without_its_words(journal):
    case = journal.case()
    with atomic(SYSTEM):
        vault.shred(case.key_id)
    [entry] = journal.write(subject=case, said="too late")
    assert entry.payload == b""
    with atomic(SYSTEM):
        assert payload_of(entry) is None


def test_a_case_entry_is_read_by_whoever_sees_the_case_only(journal):
    journal.write(subject=journal.case())
    with atomic(Scope(person=uuid4(), organisations=frozenset({UUID(int=1)}))) as s:
        assert s.scalars(select(AuditEntry)).all() == []

"""What a superuser can do to the journal, and what `verify` says of it."""

import json

import pytest

from cyberdesk.core.access import system
from cyberdesk.core.audit import record
from cyberdesk.core.audit.checkpoints import checkpoint
from cyberdesk.core.audit.leaf import HEADER_SQL, leaf_of
from cyberdesk.core.audit.merkle import Frontier
from cyberdesk.core.audit.signed_note import Checkpoint
from cyberdesk.core.audit.verify import TamperedError, UncheckedError
from cyberdesk.core.crypto.signing import Signer
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM

REBUILD = f"SELECT {HEADER_SQL} FROM audit_entries e JOIN audit_leaves l ON l.entry_id = e.id WHERE seq = %s"


@pytest.fixture
def signed(journal):
    """Five entries signed, then five signed, then two not yet."""
    for count in (5, 5):
        journal.write(count, subject=journal.case())
        journal.sign()
    journal.write(2)
    return journal


def caught(journal, *witnessed, **options):
    with pytest.raises(TamperedError) as error:
        journal.check(*witnessed, **options)
    return error.value.seq, error.value.why


def cover_up(journal, seq):
    """Make the leaf of `seq` agree with its entry again."""
    [header] = journal.ask(REBUILD, seq)
    hash_ = leaf_of(seq, header)
    journal.tamper(
        "UPDATE audit_leaves SET header = %s, leaf_hash = %s WHERE seq = %s", header, hash_, seq
    )


def set_entry(journal, seq, assignment):
    journal.tamper(
        f"UPDATE audit_entries SET {assignment} FROM audit_leaves l WHERE l.entry_id = audit_entries.id AND seq = {seq}"
    )


def test_an_intact_journal_is_found_so(signed):
    found = signed.check()
    assert (found.verdict.size, found.verdict.signed, found.verdict.checkpoints) == (12, 10, 2)
    assert found.waiting == 0


@pytest.mark.parametrize(
    ("assignment", "named"),
    [
        ("action = 'case:other'", "action"),
        ("actor_id = gen_random_uuid()", "actor"),
        ("actor_id = NULL", "actor"),
        ("actor_kind = 'system'", "actor"),
        ("actor_name = 'somebody else'", "payload"),
        ("payload = 'x'", "payload"),
        ("salt = '0123456789abcdef'", "payload"),
        ("plain_hash = NULL", "plain"),
        ("at = at + interval '1 microsecond'", "at"),
        ("case_id = gen_random_uuid()", "case"),
        ("key_id = NULL", "key"),
        ("subject_type = 'people'", "subject"),
        ("subject_id = gen_random_uuid()", "subject"),
    ],
)
def test_no_column_of_an_entry_changes_unseen(signed, assignment, named):
    set_entry(signed, 3, assignment)
    assert caught(signed) == (3, f"its {named} was changed")


def test_a_changed_entry_and_leaf_are_found_by_the_checkpoint(signed):
    set_entry(signed, 7, "action = 'case:other'")
    cover_up(signed, 7)
    seq, why = caught(signed)
    assert seq == 5
    assert "entries 5 to 9 are not those that were signed" in why


def test_a_changed_leaf_is_found(signed):
    signed.tamper("UPDATE audit_leaves SET leaf_hash = sha256('') WHERE seq = 6")
    assert caught(signed) == (6, "it was changed, or is not in its place")


def test_the_first_of_several_is_named(signed):
    for seq in (8, 2, 5):
        set_entry(signed, seq, "action = 'case:other'")
    assert caught(signed)[0] == 2


def test_a_deleted_entry_is_found(signed):
    signed.tamper(
        "DELETE FROM audit_entries WHERE id = (SELECT entry_id FROM audit_leaves WHERE seq = 4)"
    )
    assert caught(signed) == (4, "it was deleted, its leaf remains")


def test_a_deleted_leaf_is_found(signed):
    signed.tamper("DELETE FROM audit_leaves WHERE seq = 4")
    assert caught(signed) == (4, "it is missing")


def test_an_entry_removed_with_its_leaf_is_found(signed):
    signed.tamper(
        "DELETE FROM audit_entries WHERE id = (SELECT entry_id FROM audit_leaves WHERE seq = 4)"
    )
    signed.tamper("DELETE FROM audit_leaves WHERE seq = 4")
    signed.tamper("UPDATE audit_leaves SET seq = seq - 1 WHERE seq > 4")
    assert caught(signed) == (4, "it was changed, or is not in its place")
    for seq in range(4, 11):
        cover_up(signed, seq)
    assert caught(signed) == (0, "entries 0 to 4 are not those that were signed")


def swap(journal, one, two):
    journal.tamper(f"UPDATE audit_leaves SET seq = 1000 WHERE seq = {one}")
    journal.tamper(f"UPDATE audit_leaves SET seq = {one} WHERE seq = {two}")
    journal.tamper(f"UPDATE audit_leaves SET seq = {two} WHERE seq = 1000")


def test_reordered_entries_are_found(signed):
    swap(signed, 6, 8)
    assert caught(signed) == (6, "it was changed, or is not in its place")
    cover_up(signed, 6)
    cover_up(signed, 8)
    assert caught(signed) == (5, "entries 5 to 9 are not those that were signed")


def test_a_tail_cut_off_behind_a_checkpoint_is_found(signed):
    signed.tamper("DELETE FROM audit_leaves WHERE seq >= 8")
    assert caught(signed) == (8, "the journal ends before it, but 10 entries were signed")


def erase_after(journal, size):
    """Cut everything after `size` away, checkpoints and state included."""
    journal.tamper(
        f"DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_leaves WHERE seq >= {size})"
    )
    journal.tamper(f"DELETE FROM audit_leaves WHERE seq >= {size}")
    journal.tamper(f"DELETE FROM audit_checkpoints WHERE size > {size}")
    journal.tamper("UPDATE audit_tree SET frontier = (SELECT frontier FROM audit_checkpoints)")


def test_a_past_cut_back_to_an_older_checkpoint_is_found_by_a_witness(signed):
    witnessed = signed.ask("SELECT note FROM audit_checkpoints WHERE size = 10")[0]
    erase_after(signed, 5)
    assert signed.check().verdict.size == 5  # by itself it looks intact: hence witnesses
    assert caught(signed, witnessed) == (
        5,
        "the journal ends before it, but 10 entries were signed",
    )


def test_another_future_after_the_cut_is_found_by_a_witness(signed):
    witnessed = signed.ask("SELECT note FROM audit_checkpoints WHERE size = 10")[0]
    erase_after(signed, 5)
    signed.write(7)
    checkpoint()
    assert signed.check().verdict.size == 12
    assert caught(signed, witnessed) == (5, "entries 5 to 9 are not those that were signed")


def test_a_forged_checkpoint_is_found(signed):
    note = signed.ask("SELECT note FROM audit_checkpoints WHERE size = 5")[0]
    other = note.replace("\n5\n", "\n6\n")
    signed.tamper("UPDATE audit_checkpoints SET note = %s WHERE size = 5", other)
    seq, why = caught(signed)
    assert seq is None
    assert "checkpoint of 6 entries is forged" in why


def test_a_whole_history_signed_by_another_key_is_found(signed):
    forger = Signer.generate(signed.signer.name)
    set_entry(signed, 3, "action = 'case:other'")
    cover_up(signed, 3)
    rows = [
        signed.ask("SELECT leaf_hash FROM audit_leaves WHERE seq = %s", seq)[0] for seq in range(12)
    ]
    for size in (5, 10):
        frontier = Frontier().extend(rows[:size])
        note = str(Checkpoint(forger.name, size, frontier.head()).sign(forger))
        signed.tamper("UPDATE audit_checkpoints SET note = %s WHERE size = %s", note, size)
    signed.tamper("UPDATE audit_tree SET frontier = %s", Frontier().extend(rows).to_bytes())
    assert signed.check(key=forger.verifier).verdict.signed == 10
    assert "known key" in caught(signed)[1]


def test_a_changed_unsigned_tail_is_found_by_the_edge_of_the_tree(signed):
    set_entry(signed, 11, "action = 'case:other'")
    cover_up(signed, 11)
    assert caught(signed) == (10, "entries 10 to 11 are not those of the tree")


def test_a_shortened_unsigned_tail_is_found(signed):
    signed.tamper("DELETE FROM audit_leaves WHERE seq = 11")
    assert caught(signed) == (11, "the tree held 12 entries, 11 are there")


def test_an_entry_kept_out_of_the_tree_is_found(signed):
    with atomic(SYSTEM):
        entry = record(system("engine"), "case:note")
    assert signed.check().waiting == 1
    signed.tamper("DELETE FROM audit_pending")
    assert caught(signed) == (None, f"the entry {entry.id} was taken out of the tree")


def test_without_a_checkpoint_nothing_is_called_intact(journal):
    journal.write(3)
    with pytest.raises(UncheckedError, match="no checkpoint"):
        journal.check()


def test_a_database_that_does_not_answer_is_not_called_tampered(journal):
    journal.url = "postgresql+psycopg://nobody@/nothing?host=/nonexistent"
    with pytest.raises(UncheckedError, match="cannot be read"):
        journal.check()


def test_the_header_that_postgresql_builds_is_canonical_json(signed):
    for seq in range(12):
        [header] = signed.ask("SELECT header FROM audit_leaves WHERE seq = %s", seq)
        content = json.loads(header)
        again = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        assert again.encode() == header
        assert content["v"] == 1

"""Exports and proofs: verified with the public key alone, and found out when they were changed."""

import io
import json

import pytest

from cyberdesk.core.audit import exported, stored
from cyberdesk.core.audit.exported import check_export, write_export
from cyberdesk.core.audit.proof import check_proof
from cyberdesk.core.audit.prove import prove_entry
from cyberdesk.core.audit.verify import TamperedError, UncheckedError
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.signing import Signer
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM


@pytest.fixture
def signed(journal):
    journal.write(4, said="openly")
    journal.sign()
    journal.subject = journal.case()
    journal.write(3, subject=journal.subject, said="under seal")
    journal.sign()
    journal.write(1)
    return journal


def export_of(journal, **options) -> list[str]:
    out = io.StringIO()
    with stored.connect(journal.url) as connection:
        write_export(
            out,
            size=stored.size(connection),
            notes=stored.notes(connection),
            entries=stored.entries(connection, **options),
        )
    return out.getvalue().splitlines(keepends=True)


def verdict(journal, lines, *witnessed):
    return check_export(iter(lines), [journal.signer.verifier], witnessed)


def change(lines, number, **changes):
    changed = json.loads(lines[number]) | changes
    return [*lines[:number], json.dumps(changed), *lines[number + 1 :]]


def test_an_export_verifies_without_the_database(signed):
    lines = export_of(signed)
    found = verdict(signed, lines)
    assert (found.size, found.signed, found.checkpoints) == (8, 7, 2)
    assert found == signed.check().verdict


def test_an_export_without_names_and_payloads_verifies_too(signed):
    lines = export_of(signed, withhold=True)
    assert all(set(json.loads(line)) == {"seq", "header"} for line in lines[1:])
    assert not any("Léa" in line for line in lines)
    assert verdict(signed, lines) == signed.check().verdict


@pytest.mark.parametrize(
    ("number", "changes"),
    [(3, {"name": "x"}), (3, {"stored": "eA=="}), (6, {"stored": "eA=="}), (6, {"salt": "eA=="})],
)
def test_a_changed_payload_in_an_export_is_found(signed, number, changes):
    with pytest.raises(TamperedError, match="payload or its actor") as error:
        verdict(signed, change(export_of(signed), number, **changes))
    assert error.value.seq == number - 1


def test_a_changed_header_in_an_export_is_found(signed):
    lines = export_of(signed, withhold=True)
    header = json.loads(lines[6])["header"].replace("case:note", "case:none")
    with pytest.raises(TamperedError, match="entries 4 to 6 are not those"):
        verdict(signed, change(lines, 6, header=header))


@pytest.mark.parametrize(
    ("rearranged", "seq"),
    [
        (lambda lines: [*lines[:3], *lines[4:]], 2),
        (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], 2),
        (lambda lines: lines[:6], 5),
        (lambda lines: lines[:8], 7),
    ],
)
def test_a_rearranged_export_is_found(signed, rearranged, seq):
    with pytest.raises(TamperedError) as error:
        verdict(signed, rearranged(export_of(signed)))
    assert error.value.seq == seq


def test_an_export_that_a_witness_knows_to_be_too_short_is_found(signed):
    older = export_of(signed)
    signed.write(1)
    with pytest.raises(TamperedError, match="9 entries were signed"):
        verdict(signed, older, signed.sign().note)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [""],
        ["not json"],
        ["[]"],
        ['{"format": "something else"}'],
        ['{"format": "cyberdesk-journal/1", "size": 0, "checkpoints": []}'],
    ],
)
def test_what_is_no_export_is_not_called_tampered(signed, lines):
    with pytest.raises(UncheckedError):
        verdict(signed, lines)


@pytest.mark.parametrize("entry", ["{}", "nonsense", '{"seq": "x", "header": 7}', '{"seq": 0}'])
def test_a_damaged_line_is_named(signed, entry):
    lines = export_of(signed)
    with pytest.raises(UncheckedError, match="line 3"):
        verdict(signed, [*lines[:2], entry, *lines[3:]])


def test_a_proof_shows_one_entry_and_nothing_of_the_others(signed):
    proof = prove_entry(signed.url, 2)
    proved = check_proof(proof, [signed.signer.verifier])
    assert (proved.seq, proved.size) == (2, 7)
    assert proved.payload["said"] == "openly"
    assert proved.header["action"] == "case:note"
    assert len(proof["inclusion"]) == 3


def test_a_sealed_entry_is_proved_closed_or_opened_for_a_court(signed):
    closed = check_proof(prove_entry(signed.url, 5), [signed.signer.verifier])
    assert closed.payload is None
    opened = check_proof(prove_entry(signed.url, 5, opens=True), [signed.signer.verifier])
    assert opened.payload["said"] == "under seal"
    assert signed.ask("SELECT action FROM audit_entries ORDER BY id DESC LIMIT 1") == (
        "journal:opened",
    )


def test_an_erased_entry_is_proved_but_not_opened(signed):
    with atomic(SYSTEM):
        vault.shred(signed.subject.key_id)
    proved = check_proof(prove_entry(signed.url, 5, opens=True), [signed.signer.verifier])
    assert proved.payload is None


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 4},
        {"seq": -1},
        {"header": "{}"},
        {"name": "x"},
        {"inclusion": []},
        {"opened": exported.encode(b"0123456789abcdef{}")},
        {"checkpoint": "forged\n1\nx\n\n— a b\n"},
    ],
)
def test_a_changed_proof_is_found(signed, changes):
    proof = prove_entry(signed.url, 5, opens=True)
    with pytest.raises(TamperedError):
        check_proof(proof | changes, [signed.signer.verifier])


@pytest.mark.parametrize("missing", ["seq", "header", "inclusion", "checkpoint"])
def test_a_proof_with_a_part_missing_is_not_called_tampered(signed, missing):
    proof = prove_entry(signed.url, 5)
    del proof[missing]
    with pytest.raises(UncheckedError, match=missing):
        check_proof(proof, [signed.signer.verifier])


def test_another_journals_key_proves_nothing(signed):
    with pytest.raises(TamperedError, match="known key"):
        check_proof(prove_entry(signed.url, 5), [Signer.generate("elsewhere").verifier])
    with pytest.raises(UncheckedError, match="no public key"):
        check_proof(prove_entry(signed.url, 5), [])


@pytest.mark.parametrize("seq", [7, 99])
def test_what_is_not_signed_is_not_proved(signed, seq):
    with pytest.raises(UncheckedError, match="audit checkpoint"):
        prove_entry(signed.url, seq)

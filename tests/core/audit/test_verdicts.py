"""A journal that is not what was signed is told at once, to everybody who must know."""

import pytest
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import system
from cyberdesk.core.audit import room, verdicts
from cyberdesk.core.audit.checkpoints import JournalBrokenError
from cyberdesk.core.audit.models import AuditEntry, AuditVerdict
from cyberdesk.core.audit.verify import UncheckedError
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs.models import Message
from cyberdesk.core.letters.models import Letter
from cyberdesk.core.letters.rendering import render
from tests.factories import make_person

CHECK = system("daily check")
CHANGE = "UPDATE audit_entries SET action = 'case:other' WHERE action = 'case:note'"


@pytest.fixture
def signed(journal):
    journal.write(5)
    journal.sign()
    return journal


def letters():
    with atomic(SYSTEM) as session:
        return [(one.to, render(one.kind, one.facts, "fr").text) for one in session.query(Letter)]


def told():
    with atomic(SYSTEM):
        return verdicts.intact(), verdicts.verified_seconds()


def broken():
    with atomic():
        return verdicts.broken()


def test_a_whole_journal_is_said_to_be_whole(signed):
    assert told() == (1.0, -1.0)
    verdict = verdicts.judge(CHECK)
    assert (verdict.fault, verdict.size, verdict.signed, verdict.by) == ("", 5, 5, "daily check")
    intact, ago = told()
    assert intact == 1.0
    assert 0 <= ago < 60
    assert broken() is None
    assert letters() == []


def test_a_change_of_what_was_signed_is_told_by_letter_once(signed):
    """Signing again would not see it: it looks at what was added since."""
    for role in ("admin", "auditor", "responder"):
        make_person(role, email=f"{role}@example.org")
    signed.tamper(CHANGE)
    for _again in range(3):
        assert "entry 0" in verdicts.judge(CHECK).fault
    assert told()[0] == 0.0
    assert broken()
    assert {to for to, _text in letters()} == {"admin@example.org", "auditor@example.org"}
    assert len(letters()) == 2
    assert "entry 0: its action was changed" in letters()[0][1]
    with atomic(SYSTEM) as session:
        journalled = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).all()
    assert journalled.count("journal:broken") == 1


def test_a_journal_that_cannot_be_signed_is_told_before_it_fails(signed):
    make_person("admin", email="admin@example.org")
    signed.write(2)
    signed.tamper("UPDATE audit_entries SET actor_name = 'Nobody' WHERE id = %s", last(signed))
    for _again in range(2):
        with pytest.raises(JournalBrokenError):
            room.sign()
    assert broken().by == "checkpoint"
    assert [to for to, _text in letters()] == ["admin@example.org"]


def last(journal):
    return journal.ask("SELECT id FROM audit_entries ORDER BY id DESC LIMIT 1")[0]


def test_once_it_is_whole_again_it_is_said_so(signed):
    signed.tamper(CHANGE)
    verdicts.judge(CHECK)
    signed.tamper("UPDATE audit_entries SET action = 'case:note' WHERE action = 'case:other'")
    assert verdicts.judge(CHECK).fault == ""
    assert broken() is None
    assert told()[0] == 1.0


def test_it_is_verified_each_day_and_each_hour_while_it_is_broken(signed):
    now = clock.now()
    assert asked_at(now) == 1
    verdicts.judge(CHECK)
    assert asked_at(now + verdicts.EVERY / 2) == 0
    assert asked_at(now + verdicts.EVERY * 1.1) == 1
    signed.tamper(CHANGE)
    verdicts.judge(CHECK)
    assert asked_at(now + verdicts.EVERY * 1.2) == 1


def asked_at(instant):
    with clock.using(clock.still(instant)):
        before = waiting()
        room.ask_to_verify()
        return waiting() - before


def waiting():
    with atomic(SYSTEM) as session:
        return session.query(Message).filter_by(topic=room.VERIFY).count()


def test_before_the_first_signature_nothing_is_said(journal):
    journal.write(2)
    room.verify()
    with pytest.raises(UncheckedError):
        verdicts.judge(CHECK)
    with atomic(SYSTEM) as session:
        assert session.query(AuditVerdict).count() == 0


def test_the_application_cannot_take_a_verdict_back(signed):
    verdicts.judge(CHECK)
    held = "SELECT has_table_privilege('cyberdesk_app', 'audit_verdicts', %s)"
    assert [signed.ask(held, right)[0] for right in ("INSERT", "UPDATE", "DELETE")] == [
        True,
        False,
        False,
    ]

"""Passwords that were stolen elsewhere are refused, by a list that lies here."""

from hashlib import sha1

import pytest

from cyberdesk.core.access import breached, system
from cyberdesk.core.access.breached import BreachedListError
from cyberdesk.core.access.breached_import import import_breached
from cyberdesk.core.access.signin.passwords import faults
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import InvalidError
from tests.core.access.journeys import give_password
from tests.factories import make_person, sign_in

STOLEN = "violon arrosoir trompette"
OTHERS = [f"another stolen one {number}" for number in range(500)]


def collection(*words, times=3):
    """Lines as the known collections give them: hashes in order, with how often each was seen."""
    digests = sorted(sha1(word.encode(), usedforsecurity=False).hexdigest() for word in words)
    return [f"{digest.upper()}:{times}\r\n".encode() for digest in digests]


@pytest.fixture
def list_at(tmp_path):
    yield tmp_path / "breached.hashes"
    breached.use(None)


def take(lines, into, **options):
    with atomic(SYSTEM):
        held = import_breached(system("test"), lines=lines, into=into, **options)
    breached.use(into)
    return held


def test_every_stolen_password_is_found_and_no_other(database, list_at):
    assert take(collection(STOLEN, *OTHERS), list_at) == 501
    assert breached.count() == 501
    assert all(breached.known(word) for word in (STOLEN, *OTHERS))
    assert not any(breached.known(f"{word}!") for word in (STOLEN, *OTHERS))


def test_a_stolen_password_cannot_be_chosen(client, database, list_at):
    person = give_password(make_person("member"))
    sign_in(client, person)
    fields = {"password": "agrafe cheval pile correcte", "submit": "1"}
    fields |= {"new_password": STOLEN, "new_password_confirm": STOLEN}
    assert faults(STOLEN) == []
    take(collection(STOLEN), list_at)
    answer = client.submit("/compte/mot-de-passe", fields)
    assert answer.status_code == 200
    assert "a été volé" in answer.text
    other = {"new_password": f"{STOLEN} 7", "new_password_confirm": f"{STOLEN} 7"}
    assert client.submit("/compte/mot-de-passe", fields | other).status_code == 302


def test_however_a_keyboard_composes_it(database, list_at):
    take(collection("été à la plage verte"), list_at)
    assert faults("e\u0301te\u0301 a\u0300 la plage verte")


def test_words_are_sorted_here_and_short_ones_left_out(database, list_at):
    lines = [b"court\n", STOLEN.encode() + b"\n", b"tambour bassine orange\n", b"\xff\xfe\n"]
    assert take(lines, list_at, words=True) == 2
    assert breached.known("tambour bassine orange")


def test_rare_ones_can_be_left_out(database, list_at):
    lines = sorted(collection(STOLEN, times=2) + collection(*OTHERS[:3], times=9))
    assert take(lines, list_at, least=5) == 3
    assert not breached.known(STOLEN)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "aucun mot de passe"),
        ([b"azerty\n"], "ligne 1"),
        ([b"5" * 39 + b"g:1\n"], "ligne 1"),
        ([b"A" * 40 + b":x\n"], "ligne 1"),
        ([b"B" * 40 + b"\n", b"A" * 40 + b"\n"], "ligne 2"),
    ],
)
def test_what_is_no_list_leaves_the_old_one(database, list_at, lines, told):
    take(collection(STOLEN), list_at)
    with pytest.raises(InvalidError) as refused:
        take(lines, list_at)
    assert told in str(refused.value.message)
    assert breached.known(STOLEN)
    assert [one.name for one in list_at.parent.iterdir()] == [list_at.name]


@pytest.mark.parametrize("content", [b"", b"something else", breached.MAGIC + b"1234567"])
def test_a_file_that_is_no_list_stops_the_start(list_at, content):
    list_at.write_bytes(content)
    with pytest.raises(BreachedListError, match="cyberdesk passwords import"):
        breached.use(list_at)


def test_the_import_is_journalled(database, list_at):
    take(collection(STOLEN), list_at)
    with atomic(SYSTEM) as session:
        entry = session.query(AuditEntry).one()
    assert (entry.action, entry.actor_name) == ("password:list", "test")
    assert b'"held":1' in entry.payload
    assert len(entry.payload) < 200

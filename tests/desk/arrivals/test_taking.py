"""From a real mailbox (Dovecot) into cases: once each, and nothing marked before it is kept."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, ActorKind, Grant, Role, system
from cyberdesk.core.connector import Reason
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.egress import Rules, guard
from cyberdesk.core.files import blobs
from cyberdesk.core.files import service as files
from cyberdesk.core.files.models import StoredFile
from cyberdesk.core.jobs.models import Message
from cyberdesk.desk.arrivals.models import Arrival
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.connectors import service
from cyberdesk.desk.connectors.models import ConnectorSetup
from cyberdesk.desk.connectors.service import listening
from tests.desk.connectors.mailbox import mailbox
from tests.factories.declarations import make_declaration

HOUSE = system("test")


@pytest.fixture(scope="module")
def dovecot():
    with mailbox() as box:
        yield box


@pytest.fixture
def box(dovecot, database, tmp_path):
    dovecot.empty()
    blobs.use(blobs.Blobs(tmp_path / "files"))
    guard.use(Rules.parse("127.0.0.1"))
    set_up(dovecot)
    yield dovecot
    guard.use(Rules())
    blobs.use(None)


def admin():
    grants = (Grant(Role.ADMIN, strand="*"),)
    return Actor(ActorKind.PERSON, name="Amira Boss", grants=grants, strong=True)


def set_up(box, **changed):
    given = {"host": "127.0.0.1", "port": box.port, "username": "desk", "password": "right"}
    given |= {"authority": box.authority} | changed
    with atomic(admin().scope):
        service.configure(admin(), "imap", given=given, enabled=True)


def look():
    listening.look("imap")
    return row().looked_found


def row():
    with atomic(SYSTEM) as session:
        return session.scalars(select(ConnectorSetup)).one()


def count(table):
    with atomic(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(table))


def letter(subject="Bonjour", *, sender="Nadia <nadia@example.org>", number="a", **headers):
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = sender, subject, f"<{number}@example.org>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Nos écrans sont noirs.")
    return mail


def known_case():
    """A case whose contact is Nadia."""
    _begun, case_id = make_declaration()
    with atomic(SYSTEM) as session:
        case = session.get_one(Case, case_id)
        cases.add_person(HOUSE, case, role="mayor", name="Nadia", email="Nadia@Example.org")
        return case_id, case.reference


def thread(case_id):
    with atomic(SYSTEM) as session:
        case = session.get_one(Case, case_id)
        return [(one.side, one.author_name, one.body) for one in cases.messages(HOUSE, case)]


def test_a_mail_becomes_a_message_of_its_case_with_its_source_as_evidence(box):
    case_id, reference = known_case()
    mail = letter(f"Re: {reference}")
    mail.add_attachment(b"%PDF-1.7 x", maintype="application", subtype="pdf", filename="note.pdf")
    box.put(mail.as_bytes())
    assert look() == {"message": 1}
    text = f"Re: {reference}\n\nNos écrans sont noirs."
    assert thread(case_id) == [("commune", "Nadia <nadia@example.org>", text)]
    with atomic(SYSTEM) as session:
        kept = session.scalars(select(StoredFile).where(StoredFile.case_id == case_id)).all()
        assert {file.label for file in kept} == {f"Re: {reference}.eml", "note.pdf"}
        [source] = [file for file in kept if file.label.endswith(".eml")]
        content = b"".join(files.read(HOUSE, source))
    assert content.replace(b"\r\n", b"\n") == mail.as_bytes()
    assert count(Case) == 1


def test_a_mail_is_marked_at_the_look_after_the_one_that_kept_it(box):
    box.put(letter().as_bytes())
    assert look() == {"case": 1}
    assert (box.unread(), len(row().look_kept)) == (1, 1)
    assert look() == {}
    assert (box.unread(), row().look_kept) == (0, [])


def test_any_other_becomes_a_declaration_whose_sender_is_known_from_then_on(box):
    _case_id, reference = known_case()
    box.put(letter(reference, sender="stranger@example.net").as_bytes())
    assert look() == {"case": 1}
    with atomic(SYSTEM) as session:
        made = session.scalars(select(Case).order_by(Case.opened_at.desc())).first()
        case_id, theirs = made.id, made.reference
        assert [one.contact["email"] for one in cases.people(HOUSE, made)] == [
            "stranger@example.net"
        ]
    box.put(letter(theirs, sender="STRANGER@example.net", number="b").as_bytes())
    assert look() == {"message": 1}
    assert len(thread(case_id)) == 2


def test_with_a_server_named_that_checks_senders_only_what_passes_joins_a_case(box):
    set_up(box, authserv="mx.example.org")
    case_id, reference = known_case()
    passes = {"Authentication_Results": "mx.example.org; dmarc=pass"}
    box.put(
        letter(reference).as_bytes(),
        letter(reference, number="b", **passes).as_bytes(),
    )
    assert look() == {"case": 1, "message": 1}
    assert len(thread(case_id)) == 1


def test_machines_are_left_alone_and_never_answered(box):
    case_id, reference = known_case()
    before = count(Message)
    box.put(
        letter(reference, Auto_Submitted="auto-replied").as_bytes(),
        letter(reference, number="b", Precedence="bulk").as_bytes(),
        letter(reference, number="c", Return_Path="<>").as_bytes(),
    )
    assert look() == {"automatic": 3}
    assert look() == {}
    assert (thread(case_id), box.unread(), count(Message)) == ([], 3, before)


def test_the_same_mail_counts_once_whatever_is_lost_between(box, monkeypatch):
    box.put(*(letter(number=one).as_bytes() for one in "aba"))
    keeper = listening._keepers["message/rfc822"]
    calls = []

    def killed(arrived):
        calls.append(keeper(arrived))
        raise KeyboardInterrupt  # before the commit, as when the worker is killed

    monkeypatch.setitem(listening._keepers, "message/rfc822", killed)
    with pytest.raises(KeyboardInterrupt):
        look()
    assert (len(calls), count(Case), box.unread()) == (1, 0, 3)
    monkeypatch.setitem(listening._keepers, "message/rfc822", keeper)
    assert look() == {"case": 2, "known": 1}
    with atomic(SYSTEM):
        with_position_lost = listening._row("imap")
        with_position_lost.look_position = {}
        with_position_lost.look_kept = []
    assert look() == {"known": 3}
    assert count(Case) == 2


def test_one_that_cannot_be_kept_stops_no_other(box, monkeypatch):
    box.put(letter(number="a").as_bytes(), letter(number="b").as_bytes())
    keeper = listening._keepers["message/rfc822"]

    def stumbling(arrived):
        if b"<a@example.org>" in arrived.item.content:
            raise ValueError("stumbled")
        return keeper(arrived)

    monkeypatch.setitem(listening._keepers, "message/rfc822", stumbling)
    assert look() == {"failed": 1, "case": 1}
    look()
    assert box.unread() == 1


def test_a_flood_opens_few_cases(box):
    box.put(*(letter(number=str(n)).as_bytes() for n in range(5)))
    assert look() == {"case": 3, "too-many": 2}
    assert count(Case) == 3


def test_of_a_large_mail_the_head_is_kept_and_it_stays_unread(box):
    set_up(box, largest=1)
    case_id, reference = known_case()
    mail = letter(reference)
    mail.add_attachment(b"x" * (1 << 20), maintype="application", subtype="zip", filename="a.zip")
    box.put(mail.as_bytes())
    assert look() == {"message": 1}
    assert "trop gros" in thread(case_id)[0][2]
    look()
    assert box.unread() == 1


def test_at_first_only_what_is_unread_is_taken(box):
    box.put(letter(number="a").as_bytes(), letter(number="b").as_bytes())
    with box.open() as server:
        server.select("INBOX")
        server.store("1", "+FLAGS", r"(\Seen)")
    assert look() == {"case": 1}
    box.put(letter(number="c").as_bytes())
    with box.open() as server:  # a colleague reads it before we do
        server.select("INBOX")
        server.store("3", "+FLAGS", r"(\Seen)")
    assert look() == {"case": 1}


def test_starttls_reaches_the_same_box_and_what_is_wrong_is_told(box):
    set_up(box, port=box.plain, security="starttls")
    assert tried().ok
    assert tried(password="wrong").reason is Reason.LOGIN
    assert tried(folder="Nowhere").reason is Reason.SETTINGS
    assert tried(authority="").reason is Reason.CERTIFICATE
    assert tried(port=1).reason is Reason.REFUSED
    assert tried(authority="no PEM").reason is Reason.SETTINGS
    guard.use(Rules())
    assert tried().reason is Reason.GUARDED


def tried(**changed):
    with atomic(SYSTEM):
        found = listening._row("imap")
        given = found.settings | found.secrets | changed
    if changed:
        held = row()
        with atomic(admin().scope):
            service.configure(admin(), "imap", given=given, enabled=True)
            tested = service.test_connection(admin(), "imap")
            service.configure(
                admin(), "imap", given=held.settings | {"password": "right"}, enabled=True
            )
            return tested
    with atomic(admin().scope):
        return service.test_connection(admin(), "imap")


def test_a_source_is_looked_at_by_one_and_ever_more_rarely_while_it_fails(box):
    assert listening.call_sources() == 1
    assert listening.call_sources() == 0  # somebody is at it
    look()
    assert listening.call_sources() == 0  # not due yet
    set_up(box, port=1)
    waits = []
    for _ in range(3):
        look()
        waits.append(round((row().look_due - clock.now()) / timedelta(minutes=1)))
    assert waits == [2, 4, 8]
    assert (row().used_ok, row().used_reason) == (False, "refused")
    with atomic(admin().scope):
        service.switch(admin(), "imap", enabled=False)
    with atomic(SYSTEM):
        listening._row("imap").look_due = None
    assert listening.call_sources() == 0


def test_nothing_is_kept_twice_in_the_list_of_arrivals(box):
    box.put(letter().as_bytes())
    look()
    with atomic(SYSTEM) as session:
        [row] = session.scalars(select(Arrival))
    assert (row.outcome, row.source, len(row.digest)) == ("case", "imap", 32)
    assert b"nadia" not in row.digest + row.sender

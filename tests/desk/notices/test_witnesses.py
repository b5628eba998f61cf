"""Checkpoints reach witnesses outside, and what they keep shows a change."""

import email
import email.policy
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import ClassVar

import pytest

from cyberdesk.core.access import system
from cyberdesk.core.audit import checkpoints, record, stored
from cyberdesk.core.audit.checkpoints import checkpoint
from cyberdesk.core.audit.signed_note import find_note
from cyberdesk.core.audit.verify import TamperedError
from cyberdesk.core.crypto.signing import Signer
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.egress import Rules, guard
from cyberdesk.core.jobs import delivery
from cyberdesk.desk.connectors import service as connectors
from cyberdesk.desk.notices import witnesses
from cyberdesk.rooms import open_rooms
from cyberdesk.settings import UnsafeSettingsError, _witnesses
from tests.desk.connectors.post_office import post_office
from tests.fixtures_database import empty


class Receiver(BaseHTTPRequestHandler):
    calls: ClassVar[list] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).calls.append((self.headers["webhook-id"], json.loads(body)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def signer(database):
    open_rooms()
    made = Signer.generate("desk.example/journal/0123abcd")
    checkpoints.use(made)
    yield made
    checkpoints.use(None)
    witnesses.appoint(SimpleNamespace(witnesses=()))


@pytest.fixture
def office(signer):
    with post_office() as office:
        settings = {"host": "127.0.0.1", "port": office.port, "security": "none"}
        with atomic(SYSTEM):
            connectors.ensure("mail", settings | {"sender": "centre@example.org"}, {})
        yield office


def act(count=1):
    with atomic(SYSTEM):
        for _ in range(count):
            record(system("engine"), "run:step")


def text_of(mail):
    return email.message_from_bytes(mail.content, policy=email.policy.default).get_content()


def test_each_witness_gets_each_checkpoint_once_and_can_show_a_change(office, signer, schema):
    witnesses.appoint(SimpleNamespace(witnesses=("dgs@commune.example", "audit@example.org")))
    act(3)
    checkpoint()
    assert delivery.drain() == 2
    checkpoint()
    assert delivery.drain() == 0, "nothing was added, so there is nothing to keep"
    assert {mail.rcpt_tos[0] for mail in office.mails} == {
        "dgs@commune.example",
        "audit@example.org",
    }
    kept = text_of(office.mails[0])
    assert str(signer.verifier) in kept
    note = find_note(kept.replace("\n", "\r\n"))
    assert stored.check(schema, [signer.verifier], [note]).verdict.size == 3
    forged = note.replace("\n3\n", "\n2\n", 1)
    with pytest.raises(TamperedError):
        stored.check(schema, [signer.verifier], [forged])


def test_a_checkpoint_of_more_entries_than_there_are_is_seen(office, signer, schema):
    """What a witness keeps outlives whoever holds both database and signing key."""
    witnesses.appoint(SimpleNamespace(witnesses=("audit@example.org",)))
    act(2)
    checkpoint()
    delivery.drain()
    [mail] = office.mails
    empty(schema)  # everything is gone, and begins anew under the same key
    act(1)
    checkpoint()
    with pytest.raises(TamperedError):
        stored.check(schema, [signer.verifier], [find_note(text_of(mail))])


def test_a_system_of_theirs_is_called_by_the_webhook(signer):
    Receiver.calls = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    guard.use(Rules.parse("127.0.0.1"))
    witnesses.appoint(SimpleNamespace(witnesses=("webhook",)))
    act()
    row = checkpoint()
    delivery.drain()
    assert Receiver.calls == [], "no webhook is set up: it waits"
    url = f"http://127.0.0.1:{server.server_address[1]}/keep"
    with atomic(SYSTEM):
        connectors.ensure("webhook", {"url": url}, {"secret": "a secret of at least 24 signs"})
    witnesses.call(str(row.id))
    [(key, told)] = Receiver.calls
    assert key == f"checkpoint:{row.id}"
    assert told["type"] == "journal:checkpoint"
    assert told["data"]["note"] == row.note
    guard.use(Rules())
    server.shutdown()
    server.server_close()


def test_nobody_is_written_to_where_no_witness_is_named(office):
    act()
    checkpoint()
    assert delivery.drain() == 0


@pytest.mark.parametrize("wrong", ["commune", "a@b <x@y>", "@example.org", "a@", "x y@z"])
def test_a_witness_that_is_none_is_refused_at_the_start(wrong):
    with pytest.raises(UnsafeSettingsError, match="WITNESSES"):
        _witnesses(f"a@example.org,{wrong}")


def test_witnesses_are_named_once_each():
    assert _witnesses(" a@b.example, webhook ,,a@b.example") == ("a@b.example", "webhook")

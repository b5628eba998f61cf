"""The shipped connectors against real servers on loopback."""

import base64
import hashlib
import hmac
import socketserver
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from cyberdesk.core.access import Actor, ActorKind, Grant, Role
from cyberdesk.core.connector import ConnectorError, Repeat
from cyberdesk.core.db import atomic
from cyberdesk.core.egress import Rules, guard
from cyberdesk.core.errors import ForbiddenError, InvalidError, NotFoundError
from cyberdesk.core.text import speaking
from cyberdesk.desk.connectors import service
from cyberdesk.desk.connectors.catalogue import ManifestError, catalogue, read_manifest
from tests.desk.connectors.post_office import post_office

SECRET = "a secret of at least 24 signs"


@pytest.fixture
def smtp():
    with post_office() as office:
        yield office


@pytest.fixture
def mail(database, admin, smtp):
    """Set the mail connector up, and return `send(**input)`."""
    settings = {
        "host": "127.0.0.1",
        "port": smtp.port,
        "security": "none",
        "sender": "Centre <c@example.org>",
    }
    with atomic(admin.scope):
        service.configure(admin, "mail", given=settings, enabled=True)

    def send(key="k1", exercise=False, **given):
        given = {"to": ["a@example.org"], "subject": "Point", "text": "Bonjour"} | given
        return service.prepare("mail.send", given, key=key, exercise=exercise).perform()

    return send


def test_every_shipped_connector_loads_and_says_its_class():
    assert {"mail", "webhook"} <= set(catalogue())
    for installed in catalogue().values():
        acts = installed.kind().acts
        assert callable(acts)
        assert installed.manifest.title["fr"]
        assert installed.manifest.title["en"]
    assert catalogue()["mail"].manifest.actions["send"].repeat is Repeat.UNSAFE
    assert catalogue()["webhook"].manifest.actions["post"].repeat is Repeat.IDEMPOTENT


def test_a_mail_arrives_with_an_id_made_from_its_key(mail, smtp):
    first, again = mail(), mail()
    assert first["message_id"] == again["message_id"]
    text = smtp.mails[0].content.decode()
    assert "Auto-Submitted: auto-generated" in text
    assert f"Message-ID: {first['message_id']}" in text


def test_each_recipient_gets_a_message_of_their_own(mail, smtp):
    mail(to=["a@example.org", "b@example.org"])
    assert [m.rcpt_tos for m in smtp.mails] == [["a@example.org"], ["b@example.org"]]
    assert b"b@example.org" not in smtp.mails[0].content


def test_a_subject_cannot_add_headers(mail, smtp):
    mail(subject="Point\r\nBcc: spy@example.org")
    assert b"\nBcc:" not in smtp.mails[0].content


def test_an_unknown_mailbox_is_known_not_to_have_it(mail):
    with pytest.raises(ConnectorError, match="550") as caught:
        mail(to=["nobody@example.org"])
    assert (caught.value.done, caught.value.again) == (False, False)


def test_a_busy_mailbox_is_tried_again(mail):
    with pytest.raises(ConnectorError, match="451") as caught:
        mail(to=["later@example.org"])
    assert caught.value.again


def test_refused_recipients_are_told(mail):
    assert mail(to=["nobody@example.org", "a@example.org"])["refused"] == ["nobody@example.org"]


def test_no_mail_leaves_an_exercise(mail, smtp):
    with pytest.raises(ConnectorError, match="exercice"):
        mail(exercise=True)
    assert smtp.mails == []


def test_no_signed_call_leaves_an_exercise(hook):
    with pytest.raises(ConnectorError, match="exercice"):
        hook(exercise=True).perform()
    assert Receiver.calls == []


class BreaksAfterData(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 hi\r\n")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
                return
            self.wfile.write(b"250 OK\r\n")


def test_when_the_reply_is_lost_nobody_knows(database, admin):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), BreaksAfterData) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings = {
            "host": "127.0.0.1",
            "port": server.server_address[1],
            "security": "none",
            "sender": "c@example.org",
        }
        with atomic(admin.scope):
            service.configure(admin, "mail", given=settings, enabled=True)
        ready = service.prepare(
            "mail.send", {"to": ["a@example.org"], "subject": "s", "text": "t"}, key="k"
        )
        with pytest.raises(ConnectorError) as caught:
            ready.perform()
        server.shutdown()
    assert caught.value.done is None


def test_a_server_that_is_away_is_said_and_nothing_was_sent(database, admin):
    settings = {"host": "127.0.0.1", "port": 1, "security": "none", "sender": "c@example.org"}
    with atomic(admin.scope):
        service.configure(admin, "mail", given=settings, enabled=True)
        tested = service.test_connection(admin, "mail")
    assert not tested.ok
    assert "does not answer" in tested.said


def test_mail_never_crosses_a_network_in_clear(database, admin):
    settings = {
        "host": "mail.example.org",
        "port": 25,
        "security": "none",
        "sender": "c@example.org",
    }
    with atomic(admin.scope):
        service.configure(admin, "mail", given=settings, enabled=True)
    ready = service.prepare(
        "mail.send", {"to": ["a@example.org"], "subject": "s", "text": "t"}, key="k"
    )
    with pytest.raises(ConnectorError):
        ready.perform()


class Receiver(BaseHTTPRequestHandler):
    calls: ClassVar[list] = []
    status: ClassVar[int] = 200

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).calls.append((dict(self.headers), body))
        self.send_response(type(self).status)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def hook(database, admin):
    Receiver.calls, Receiver.status = [], 200
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    guard.use(Rules.parse("127.0.0.1"))
    url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    with atomic(admin.scope):
        service.configure(admin, "webhook", given={"url": url, "secret": SECRET}, enabled=True)
    given = {"event": "case:opened", "data": {"n": 1}}
    yield lambda exercise=False: service.prepare(
        "webhook.post", given, key="key-1", exercise=exercise
    )
    guard.use(Rules())
    server.shutdown()
    server.server_close()


def test_a_webhook_is_signed_so_that_its_receiver_can_check(hook):
    assert hook().perform() == {"status": 200}
    headers, body = Receiver.calls[0]
    low = {name.lower(): value for name, value in headers.items()}
    signed = f"{low['webhook-id']}.{low['webhook-timestamp']}.".encode() + body
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()
    assert low["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
    assert low["webhook-id"] == "key-1"


def test_each_trial_of_a_webhook_has_an_id_of_its_own(hook, admin):
    """A receiver that folds repeats by the id sees each of them."""
    for _ in range(2):
        with atomic(admin.scope):
            assert service.test_connection(admin, "webhook").ok
    ids = [
        {k.lower(): v for k, v in headers.items()}["webhook-id"] for headers, _ in Receiver.calls
    ]
    assert len(set(ids)) == 2
    assert all(one and "." not in one for one in ids)  # a dot parts what is signed


@pytest.mark.parametrize(
    ("status", "again"), [(500, True), (429, True), (404, False), (401, False)]
)
def test_a_refusal_says_whether_to_try_again(hook, status, again):
    Receiver.status = status
    with pytest.raises(ConnectorError) as caught:
        hook().perform()
    assert caught.value.again is again


def test_inner_addresses_are_not_reached(database, admin):
    with atomic(admin.scope):
        given = {"url": "https://169.254.169.254/latest", "secret": SECRET}
        service.configure(admin, "webhook", given=given, enabled=True)
    with pytest.raises(ConnectorError, match="Internet public"):
        service.prepare("webhook.post", {"event": "a:b"}, key="k").perform()


def test_settings_are_checked_and_secrets_kept_when_left_empty(database, admin):
    with atomic(admin.scope):
        with pytest.raises(InvalidError):
            service.configure(
                admin,
                "webhook",
                given={"url": "https://example.org/", "secret": "short"},
                enabled=True,
            )
        with pytest.raises(InvalidError):
            service.configure(
                admin,
                "webhook",
                given={"url": "https://example.org/", "secret": SECRET, "x": 1},
                enabled=True,
            )
        service.configure(
            admin, "webhook", given={"url": "https://example.org/", "secret": SECRET}, enabled=True
        )
        setup = service.configure(
            admin, "webhook", given={"url": "https://example.org/b", "secret": ""}, enabled=True
        )
        assert setup.secrets == {"secret": SECRET}
        assert "secret" not in setup.settings
        assert SECRET.encode() not in (setup.secrets_sealed or b"")


def test_only_an_administrator_sets_connectors_up(database, admin):
    responder = Actor(
        ActorKind.PERSON, grants=(Grant(Role.RESPONDER, strand="cyber"),), strong=True
    )
    with atomic(responder.scope), pytest.raises(ForbiddenError):
        service.configure(responder, "mail", given={}, enabled=True)
    with atomic(admin.scope), pytest.raises(NotFoundError):
        service.configure(admin, "nothing", given={}, enabled=True)


def test_an_action_that_is_not_installed_or_not_set_up_is_said(database):
    with pytest.raises(ConnectorError, match="no connector offers"):
        service.prepare("pager.ring", {}, key="k")
    with pytest.raises(ConnectorError, match="not set up"):
        service.prepare(
            "mail.send", {"to": ["a@example.org"], "subject": "s", "text": "t"}, key="k"
        )
    with pytest.raises(ConnectorError, match=r"mail\.send: to: "):
        service.prepare("mail.send", {}, key="k")


@pytest.mark.parametrize("text", ["[1]", "name: x", "a: &a [*a]", "name: x\nboo: 1\n", "{"])
def test_a_wrong_manifest_is_refused_by_name(tmp_path, text):
    path = tmp_path / "manifest.yaml"
    path.write_text(text)
    with pytest.raises(ManifestError, match=r"manifest\.yaml"):
        read_manifest(path)


@pytest.mark.parametrize(
    "given",
    [
        {"to": ["a@example.org\n"]},
        {"to": ["a@example.org\r\nBcc: b@example.org"]},
        {"to": ["a@example.org, b@example.org"]},
        {"subject": "Point\r\nBcc: b@example.org"},
        {"headers": {"In-Reply-To": "x\r\nBcc: b@example.org"}},
        {"headers": {"Bcc": "b@example.org"}},
        {"text": "Bonjour\r\n.\r\nMAIL FROM:<x@example.org>"},
    ],
)
def test_no_field_of_a_mail_begins_another_header_or_command(mail, smtp, given):
    with suppress(ConnectorError):
        mail(**given)
    for sent in smtp.mails:
        head = sent.content.decode().replace("\r\n", "\n").partition("\n\n")[0]
        assert not [line for line in head.split("\n") if line.lower().startswith("bcc:")]
    assert len(smtp.mails) <= 1


def test_a_rule_of_ours_is_told_in_both_languages_and_a_lost_name_is_tried_again(database, admin):
    def refused(url):
        with atomic(admin.scope):
            given = {"url": url, "secret": SECRET}
            service.configure(admin, "webhook", given=given, enabled=True)
        with pytest.raises(ConnectorError) as caught:
            service.prepare("webhook.post", {"event": "a:b"}, key="k").perform()
        return caught.value

    error = refused("https://10.0.0.1/")
    assert "n’est pas sur l’Internet public" in str(error)
    with speaking("en"):
        assert "is not on the public Internet" in str(error)
    assert (error.done, error.again) == (False, False)
    away = refused("https://hook.nowhere.invalid/")
    assert (away.done, away.again) == (False, True)

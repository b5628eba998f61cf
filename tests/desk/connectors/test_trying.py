"""`test_connection` against real servers: each way of failing has its own words."""

import socket
import threading

import pytest
from sqlalchemy import select

from cyberdesk.core.access import Actor, ActorKind, Grant, Role
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.connector import ConnectorError, Reason
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ForbiddenError, InvalidError
from cyberdesk.desk.connectors import service
from cyberdesk.desk.connectors.models import ConnectorSetup
from cyberdesk.desk.connectors.reasons import WORDS
from cyberdesk.desk.connectors.states import state_of
from tests.desk.connectors.post_office import certificate, post_office

LETTER = {"to": ["a@example.org"], "subject": "Point", "text": "Bonjour"}


def set_up(admin, **given):
    mail = {"host": "127.0.0.1", "security": "starttls", "sender": "c@example.org"}
    with atomic(admin.scope):
        service.configure(admin, "mail", given=mail | given, enabled=True)


def tried(admin):
    with atomic(admin.scope):
        return service.test_connection(admin, "mail")


def row():
    with atomic(SYSTEM) as session:
        return session.scalars(select(ConnectorSetup)).one()


def test_starttls_and_login_reach_a_real_server(admin, tmp_path, monkeypatch):
    tls, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with post_office(login=("desk", "right"), tls=tls) as office:
        set_up(admin, port=office.port, username="desk", password="right")
        assert tried(admin).ok
        service.prepare("mail.send", LETTER, key="k").perform()
        assert office.encrypted == [True]
    assert row().tested_ms >= 0
    assert str(state_of(row()).word) == "fonctionne"


def test_a_wrong_password_is_said_and_never_shown(admin, tmp_path, monkeypatch):
    tls, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with post_office(login=("desk", "right"), tls=tls) as office:
        set_up(admin, port=office.port, username="desk", password="a wrong one")
        assert tried(admin).reason is Reason.LOGIN
    assert "a wrong one" not in str(vars(row()))


def test_a_certificate_that_nobody_vouches_for(admin, tmp_path):
    tls, _trusted = certificate(tmp_path)
    with post_office(tls=tls) as office:
        set_up(admin, port=office.port)
        assert tried(admin).reason is Reason.CERTIFICATE


def test_a_certificate_of_another_name(admin, tmp_path, monkeypatch):
    tls, trusted = certificate(tmp_path, host="127.0.0.9")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with post_office(tls=tls) as office:
        set_up(admin, port=office.port)
        assert tried(admin).reason is Reason.CERTIFICATE


def test_a_server_without_starttls(admin):
    with post_office() as office:
        set_up(admin, port=office.port)
        assert tried(admin).reason is Reason.TLS


def test_a_server_that_takes_no_mail_as_it_was_set_up(admin, tmp_path):
    """It greets and answers all the same: only the beginning of a message tells."""
    tls, _trusted = certificate(tmp_path)
    with post_office(tls=tls) as office:
        set_up(admin, port=office.port, security="none")
        tested = tried(admin)
    assert (tested.ok, tested.reason) == (False, Reason.ANSWER)
    assert "530" in tested.said


def test_nobody_listens(admin):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    set_up(admin, port=port)
    assert tried(admin).reason is Reason.REFUSED


def test_a_name_that_leads_nowhere(admin):
    set_up(admin, host="mail.nowhere.invalid", port=587)
    assert tried(admin).reason is Reason.NAME


def test_a_server_that_says_nothing(admin, monkeypatch):
    monkeypatch.setattr("cyberdesk.desk.connectors.service.trying._PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        set_up(admin, port=silent.getsockname()[1])
        assert tried(admin).reason is Reason.SILENT


def test_a_server_that_hangs_up(admin):
    def hang_up(rude):
        caller, _address = rude.accept()
        caller.close()

    with socket.create_server(("127.0.0.1", 0)) as rude:
        threading.Thread(target=hang_up, args=(rude,), daemon=True).start()
        set_up(admin, port=rude.getsockname()[1])
        assert tried(admin).reason is Reason.BROKEN


def test_what_was_never_set_up_says_so(admin):
    assert tried(admin).reason is Reason.UNSET


def test_every_reason_has_words():
    assert set(WORDS) == set(Reason)


def test_a_connector_that_is_switched_off_can_be_tried_but_does_not_act(admin):
    with post_office() as office:
        set_up(admin, port=office.port, security="none")
        with atomic(admin.scope):
            service.switch(admin, "mail", enabled=False)
        assert tried(admin).ok
        with pytest.raises(ConnectorError, match="not set up"):
            service.prepare("mail.send", LETTER, key="k")
    assert str(state_of(row()).word) == "arrêté"


def test_the_page_knows_the_last_use_without_anybodys_mailbox(admin):
    with post_office() as office:
        set_up(admin, port=office.port, security="none")
        letter = LETTER | {"to": ["nobody.dupont@example.org"]}
        with pytest.raises(ConnectorError):
            service.prepare("mail.send", letter, key="k").perform()
        assert (row().used_ok, row().used_reason) == (False, "answer")
        assert "dupont" not in row().used_said
        service.prepare("mail.send", LETTER, key="k").perform()
    assert (row().used_ok, row().used_said) == (True, None)


def test_a_success_after_a_success_is_not_written_each_time(admin):
    with post_office() as office:
        set_up(admin, port=office.port, security="none")
        service.prepare("mail.send", LETTER, key="k").perform()
        first = row().used_at
        service.prepare("mail.send", LETTER, key="l").perform()
        assert len(office.mails) == 2
    assert row().used_at == first


def test_who_set_a_secret_is_kept_and_a_secret_can_be_taken_away(admin):
    set_up(admin, port=25, username="desk", password="one")
    assert row().secrets_set["password"]["by"] == "Amira Boss"
    first = row().secrets_set["password"]
    set_up(admin, port=26, username="desk", password="")
    assert row().secrets_set["password"] == first
    with atomic(admin.scope):
        given = {"host": "127.0.0.1", "port": 25, "sender": "c@example.org"}
        service.configure(admin, "mail", given=given, enabled=True, forget={"password"})
    assert row().secrets == {}
    assert row().secrets_set == {}


def test_each_act_is_journalled_and_no_secret_with_it(admin):
    set_up(admin, port=1, username="desk", password="hush-hush")
    tried(admin)
    with atomic(admin.scope):
        service.switch(admin, "mail", enabled=False)
        service.show(admin, "mail", action="send", given=LETTER)
    with atomic(SYSTEM) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        said = b"".join(entry.payload for entry in entries)
    acts = [f"connector:{act}" for act in ("configure", "test", "switch", "show")]
    assert [entry.action for entry in entries] == acts
    assert b"hush-hush" not in said


def test_what_would_be_sent_is_shown_and_does_not_leave(admin):
    with post_office() as office:
        set_up(admin, port=office.port, security="none")
        with atomic(admin.scope):
            shown = service.show(admin, "mail", action="send", given=LETTER)
            with pytest.raises(InvalidError):
                service.show(admin, "mail", action="send", given={"to": ["a@example.org"]})
        assert "Subject: Point" in shown
        assert "Bonjour" in shown
        assert office.mails == []


def test_a_signed_call_is_shown_without_its_secret(admin):
    secret = "a secret of at least 24 signs"
    given = {"url": "https://example.org/hook", "secret": secret}
    with atomic(admin.scope):
        service.configure(admin, "webhook", given=given, enabled=True)
        shown = service.show(admin, "webhook", action="post", given={"event": "case:opened"})
    assert "webhook-signature: v1," in shown
    assert secret not in shown


def test_a_lead_may_try_but_not_change(admin):
    set_up(admin, port=1)
    grants = (Grant(Role.LEAD, strand="cyber"),)
    lead = Actor(ActorKind.PERSON, name="lead", grants=grants, strong=True)
    assert not tried(lead).ok
    with atomic(lead.scope), pytest.raises(ForbiddenError):
        service.switch(lead, "mail", enabled=False)

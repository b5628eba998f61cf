"""`syslog.send` to real listeners, its escaping, and our own journal forwarded."""

import re
import sys

import pytest
from sqlalchemy import select

from cyberdesk.core.access import ANONYMOUS, system
from cyberdesk.core.audit import record, sequencer, wording
from cyberdesk.core.connector import ConnectorError, Reason, Repeat
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.egress import Rules, guard
from cyberdesk.core.jobs.delivery import NotYetError
from cyberdesk.core.jobs.models import Message
from cyberdesk.desk.connectors import service
from cyberdesk.desk.connectors.catalogue import catalogue
from cyberdesk.desk.notices import forwarding
from cyberdesk.rooms import open_rooms
from tests.desk.connectors.collector import collector, parsed
from tests.desk.connectors.post_office import certificate

EVENT = {"event": "case:opened", "text": "Poste isolé", "severity": "warning"}


@pytest.fixture(autouse=True)
def reached():
    guard.use(Rules.parse("127.0.0.1"))
    yield
    guard.use(Rules())


def set_up(admin, port, **given):
    given = {"host": "127.0.0.1", "port": port, "hostname": "desk.example.org"} | given
    with atomic(admin.scope):
        service.configure(admin, "syslog", given=given, enabled=True)


def ready(given=EVENT, **more):
    return service.prepare("syslog.send", given, key="k", **more)


@pytest.mark.parametrize("transport", ["tls", "tcp", "udp"])
def test_an_event_arrives(admin, tmp_path, transport):
    tls, trusted = certificate(tmp_path)
    with collector(tls if transport == "tls" else None, udp=transport == "udp") as taker:
        set_up(admin, taker.port, transport=transport, authority=trusted.read_text())
        facts = {"path": 'C:\\a "b" [c]\nd'}
        given = EVENT | {"facts": facts, "at": "2026-11-27T08:30:00+01:00"}
        output = ready(given).perform()
        raw = taker.next()
    assert output == {"bytes": len(raw)}
    event = parsed(raw)
    assert event.pri == 13 * 8 + 4
    assert (event.at, event.host) == ("2026-11-27T08:30:00+01:00", "desk.example.org")
    assert (event.event, event.text) == ("case:opened", "\ufeffPoste isolé")
    assert event.facts == {"key": "k", "path": 'C:\\a "b" [c] d'}


def test_one_event_cannot_look_like_two(admin):
    with collector() as taker:
        set_up(admin, taker.port, transport="tcp")
        ready(EVENT | {"text": "a\n<8>1 - - - - - -\u2028\x1b[2Jb"}).perform()
        assert parsed(taker.next()).text == "\ufeffa <8>1 - - - - - -  [2Jb"
        assert taker.taken.empty()


def test_a_datagram_is_cut_between_two_signs(admin):
    with collector(udp=True) as taker:
        set_up(admin, taker.port, transport="udp")
        ready(EVENT | {"text": "é" * 4000}).perform()
        raw = taker.next()
    assert 2046 <= len(raw) <= 2048
    assert parsed(raw).text.endswith("éé")


def test_cef_is_escaped_by_the_book(admin):
    with collector() as taker:
        set_up(admin, taker.port, transport="tcp", format="cef", facility=4)
        given = {"event": "x|y", "text": "a|b\\c=d\ne", "severity": "emergency"}
        ready(given | {"facts": {"msg": "a=b|c\\d\r\ne"}}).perform()
        event = parsed(taker.next())
    assert event.pri == 4 * 8
    assert event.text == (
        r"CEF:0|CyberDesk|CyberDesk|1|x\|y|a\|b\\c=d e|10|externalId=k msg=a\=b|c\\d\ne"
    )


def test_it_may_be_repeated_and_nothing_leaves_in_an_exercise(admin):
    set_up(admin, 1)
    assert ready().repeat is Repeat.IDEMPOTENT
    with pytest.raises(ConnectorError, match="exercice"):
        ready(exercise=True).perform()
    with atomic(admin.scope):
        shown = service.show(admin, "syslog", action="send", given=EVENT)
    assert re.fullmatch(
        r"<108>1 \S+ desk\.example\.org cyberdesk - case:opened "
        r'\[cyberdesk@32473 key="rehearsal"\] Poste isolé',
        shown,
    )


def test_what_is_wrong_is_told(admin, tmp_path):
    tls, trusted = certificate(tmp_path)

    def tried(port, **changed):
        set_up(admin, port, **changed)
        with atomic(admin.scope):
            tested = service.test_connection(admin, "syslog")
        return None if tested.ok else tested.reason

    with collector(tls) as taker:
        assert tried(taker.port, authority=trusted.read_text()) is None
        assert tried(taker.port) is Reason.CERTIFICATE
        assert tried(taker.port, authority="no PEM") is Reason.SETTINGS
    assert tried(1, transport="tcp") is Reason.REFUSED
    assert tried(514, transport="udp") is None
    guard.use(Rules())
    for transport in ("tls", "tcp", "udp"):
        assert tried(1, transport=transport) is Reason.GUARDED


def test_in_clear_only_allowed_networks_are_reached(admin):
    guard.use(Rules())
    for transport in ("tcp", "udp"):
        set_up(admin, 514, host="1.1.1.1", transport=transport)
        with pytest.raises(ConnectorError) as caught:
            ready().perform()
        assert "TLS" in str(caught.value)


def journal(*actions):
    with atomic(SYSTEM):
        for action in actions:
            record(ANONYMOUS if "refuse" in action else system("test"), action)
    sequencer.integrate_all()


def waiting():
    with atomic(SYSTEM) as session:
        wanted = select(Message.payload).where(Message.topic == forwarding.TOPIC)
        return [one["entry_id"] for one in session.scalars(wanted.order_by(Message.id))]


def test_our_journal_is_forwarded_once_from_when_it_was_switched_on(admin):
    journal("session:refuse")
    with collector() as taker:
        set_up(admin, taker.port, transport="tcp")
        assert forwarding.gather() == 0  # nothing is to be
        set_up(admin, taker.port, transport="tcp", journal="important")
        sequencer.integrate_all()
        assert forwarding.gather() == 0  # it begins here
        journal("session:refuse", "session:open", "case:open")
        assert (forwarding.gather(), forwarding.gather()) == (2, 0)
        for entry_id in waiting():
            forwarding.forward(entry_id)
        events = [parsed(taker.next()) for _ in range(2)]
    assert [(one.event, one.pri % 8) for one in events] == [("session:refuse", 4), ("case:open", 5)]
    assert events[0].facts["actor"] == "anonymous"
    assert events[0].facts["key"] == f"journal:{waiting()[0]}"


def test_what_was_forwarded_or_not_while_it_is_switched_off(admin):
    set_up(admin, 1, transport="tcp", journal="everything")
    sequencer.integrate_all()
    forwarding.gather()
    journal("session:open")
    assert forwarding.gather() == 1
    with pytest.raises(ConnectorError):
        forwarding.forward(waiting()[0])
    with atomic(admin.scope):
        service.switch(admin, "syslog", enabled=False)
    with pytest.raises(NotYetError):
        forwarding.forward(waiting()[0])
    journal("session:open")
    assert forwarding.gather() == 0
    with atomic(admin.scope):
        service.switch(admin, "syslog", enabled=True)
    sequencer.integrate_all()
    assert forwarding.gather() == 0  # what happened meanwhile is not told later


def test_what_matters_is_in_the_words_of_the_journal():
    open_rooms()
    assert [code for code in forwarding.SEVERITIES if wording.in_words(code) == code] == []
    levels = catalogue()["syslog"].manifest.actions["send"].input["properties"]["severity"]["enum"]
    catalogue()["syslog"].kind()
    assert tuple(levels) == sys.modules["cyberdesk_connector_syslog"]._SEVERITIES

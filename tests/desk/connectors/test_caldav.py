"""`caldav.*` against a real Radicale, which reads every entry before it takes it."""

import re

import pytest

from cyberdesk.core.connector import ConnectorError, Reason, Repeat
from cyberdesk.core.db import atomic
from cyberdesk.core.egress import Rules, guard
from cyberdesk.desk.connectors import service
from tests.desk.connectors.agenda import agenda

EVENT = {"title": "Exercice", "at": "2026-11-27T08:30:00+01:00"}


@pytest.fixture(scope="module")
def radicale(tmp_path_factory):
    with agenda(tmp_path_factory.mktemp("radicale")) as held:
        yield held


@pytest.fixture
def held(radicale, admin):
    guard.use(Rules.parse("127.0.0.1"))
    set_up(admin, radicale.url)
    yield radicale
    guard.use(Rules())


def set_up(admin, url, **changed):
    given = {"url": url, "username": "desk", "password": "right"} | changed
    with atomic(admin.scope):
        service.configure(admin, "caldav", given=given, enabled=True)


def done(act, given, *, key="k", **more):
    return service.prepare(f"caldav.{act}", given, key=key, **more).perform()


def lines(held, uid):
    status, body = held.ask("GET", f"{uid}.ics")
    assert status == 200
    return re.sub(r"\r?\n[ \t]", "", body).splitlines()


def entries(held):
    return held.ask("GET")[1].count("\nUID:")


def test_an_event_is_put_in_once_and_taken_away(held):
    before = entries(held)
    given = EVENT | {"minutes": 90, "remind": 15, "place": "Salle de crise"}
    first = done("put", given)
    assert done("put", given) == first
    assert entries(held) == before + 1
    found = lines(held, first["uid"])
    assert {"DTSTART:20261127T073000Z", "DTEND:20261127T090000Z", "SUMMARY:Exercice"} <= set(found)
    assert {"TRIGGER:-PT15M", "LOCATION:Salle de crise"} <= set(found)
    assert done("remove", {"uid": first["uid"]}) == {"removed": True}
    assert done("remove", {"uid": first["uid"]}) == {"removed": False}
    assert entries(held) == before


def test_a_deadline_is_a_task(held):
    uid = done("put", EVENT | {"kind": "task", "remind": 45}, key="task")["uid"]
    found = lines(held, uid)
    assert {"BEGIN:VTODO", "DUE:20261127T073000Z", "TRIGGER;RELATED=END:-PT45M"} <= set(found)
    done("remove", {"uid": uid})


def test_no_text_can_begin_another_property(held):
    text = "a;b,c\\d\r\nEND:VEVENT\nX:\x00\u2028é" + "é" * 200
    uid = done("put", EVENT | {"title": "x\nUID:other", "text": text}, key="text")["uid"]
    found = lines(held, uid)
    assert [line for line in found if line.startswith("UID:")] == [f"UID:{uid}"]
    assert "SUMMARY:x\\nUID:other" in found
    assert "DESCRIPTION:a\\;b\\,c\\\\d\\nEND:VEVENT\\nX:é" + "é" * 200 in found
    done("remove", {"uid": uid})


def test_what_is_wrong_is_told(held, admin):
    def tried(url=held.url, **changed):
        set_up(admin, url, **changed)
        with atomic(admin.scope):
            tested = service.test_connection(admin, "caldav")
        return None if tested.ok else tested.reason

    assert tried() is None
    assert tried(password="wrong") is Reason.LOGIN
    assert tried(held.url.replace("deadlines/", "")) is Reason.SETTINGS
    assert tried(held.url.replace("deadlines", "nowhere")) is Reason.ANSWER
    assert tried("http://127.0.0.1:1/x/") is Reason.REFUSED
    set_up(admin, held.url, password="wrong")
    with pytest.raises(ConnectorError) as caught:
        done("put", EVENT)
    assert (caught.value.done, caught.value.again) == (False, False)
    set_up(admin, held.url)
    with pytest.raises(ConnectorError, match="instant"):
        done("put", EVENT | {"at": "2026-02-30T08:30:00Z"})
    guard.use(Rules())
    assert tried() is Reason.GUARDED


def test_both_may_be_repeated_and_nothing_leaves_in_an_exercise(held, admin):
    for act, given in (("put", EVENT), ("remove", {"uid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12})):
        assert service.prepare(f"caldav.{act}", given, key="k").repeat is Repeat.IDEMPOTENT
        with pytest.raises(ConnectorError, match="exercice"):
            done(act, given, exercise=True)
    with atomic(admin.scope):
        shown = service.show(admin, "caldav", action="put", given=EVENT)
    assert shown.startswith(f"PUT {held.url}")
    assert "SUMMARY:Exercice\n" in shown
    assert "right" not in shown

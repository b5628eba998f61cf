"""The timeline as it is read: what was written at one go is one line."""

from datetime import UTC, datetime

from cyberdesk.core import clock
from cyberdesk.core.db import atomic
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.lines import lines
from tests.desk.cases.conftest import at_desk

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def started(title):
    return {"title": {"fr": title, "en": title}, "due": "2026-11-26T11:00:00+00:00"}


def test_deadlines_of_one_go_are_one_line_and_others_stay_apart(world):
    case_id = world.open_case()
    with clock.using(clock.still(NOON)), at_desk(world.responder, case_id) as case:
        told = [started(title) for title in ("CNIL", "Plainte", "Assureur")]
        service.tell_each(world.responder, case, "clock:started", told)
        service.add_note(world.responder, case, body="Rappeler l’assureur")
        service.tell_each(world.responder, case, "clock:started", [started("Préfecture")])
        service.tell_each(world.responder, case, "clock:started", [])
    with atomic(world.responder.scope):
        case = service.access_case(world.responder, case_id)
        told = [line.entry() for line in lines(world.responder, case)]
    deadlines = [one for one in told if one["icon"] == "clock"]
    assert deadlines[0]["text"] == "3 échéances notées"
    for name, part in zip(("CNIL", "Plainte", "Assureur"), deadlines[0]["parts"], strict=True):
        assert name in part
    assert "Préfecture" in deadlines[1]["text"]
    assert deadlines[1]["parts"] == []
    assert any("Note" in one["text"] for one in told)

"""What a case starts with, once its declaration is sent."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cyberdesk.core.access import system
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case, CaseEvent
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.clocks.models import Clock
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import Task
from cyberdesk.rooms import open_rooms
from cyberdesk.strands.cyber import duties
from tests.factories.declarations import RANSOMWARE, SHORT, make_declaration
from tests.factories.people import actor_of, make_organisation, make_person, sign_in
from tests.factories.playbooks import publish_some

HOUSE = system("test")


def opened(screens=None):
    _, case_id = make_declaration(screens=screens)
    return case_id


def test_the_call_back_is_promised_at_once_and_is_somebodys_task(database):
    case_id = opened()
    with atomic(SYSTEM) as s:
        wanted = select(Task).where(Task.name == "call-back")
        case, task = s.get_one(Case, case_id), s.scalars(wanted).one()
        assert (task.name, task.who, task.state) == ("call-back", "responder", "open")
        assert case.next_due_from == "callback"
        assert round((task.due_at - task.opened_at) / timedelta(minutes=1)) == 30
        assert case.waits_on == "responder"
        assert case.dues["callback"]["what"]["fr"] == "Appeler la personne qui a déclaré"


def test_without_a_number_finding_one_is_the_task(database):
    opened(SHORT)
    with atomic(SYSTEM) as s:
        title = s.scalars(select(Task).where(Task.name == "call-back")).one().content["title"]["en"]
    assert title == "Find how to reach the commune"


def test_one_call_keeps_promise_and_task(database):
    case_id, responder = opened(), actor_of(make_person("responder"))
    with atomic(responder.scope):
        case = cases.access_case(responder, case_id)
        cases.log_call(responder, case, role="declarant", outcome="no-answer")
        assert "callback" in case.dues
        cases.log_call(responder, case, role="declarant", outcome="reached", minutes=4)
        assert "callback" not in case.dues
        assert [t.answer for t in tasks.tasks_of(responder, case) if t.name == "call-back"] == [
            "done"
        ]


def test_the_task_done_keeps_the_promise_too(database):
    case_id, responder = opened(), actor_of(make_person("responder"))
    with atomic(responder.scope):
        case = cases.access_case(responder, case_id)
        [task] = [t for t in tasks.tasks_of(responder, case) if t.name == "call-back"]
        tasks.answer(responder, task, answer="done")
        assert "callback" not in case.dues


def test_the_people_named_are_on_the_list_to_call(database):
    support = RANSOMWARE["support"] | {
        "it_name": ["Infogérance du Sud"],
        "it_phone": ["04 94 00 00 01"],
        "insurer": ["Assurance des communes"],
        "other_mail": ["nadia@exemple.fr"],
    }
    case_id = opened(RANSOMWARE | {"support": support})
    with atomic(SYSTEM):
        people = cases.people(HOUSE, cases.find_case(HOUSE, case_id))
        found = {person.role: person.contact for person in people}
    assert found["declarant"]["phone"] == "06 12 34 56 78"
    assert found["declarant"]["email"] == "nadia@exemple.fr"
    assert found["provider"]["name"] == "Infogérance du Sud"
    assert found["insurer"]["name"] == "Assurance des communes"


def test_when_it_began_stands_on_the_timeline_apart_from_when_it_was_known(database):
    case_id = opened()
    with atomic(SYSTEM) as s:
        lines = {line.kind: line for line in s.scalars(select(CaseEvent))}
        assert lines["case:chronicle"].at < lines["clock:awareness"].at
        assert "cette nuit" in lines["case:chronicle"].words
        assert s.get_one(Case, case_id).opened_at > lines["clock:awareness"].at


def test_the_laws_clocks_run_from_awareness(database):
    case_id = opened()
    with atomic(SYSTEM):
        case = cases.find_case(HOUSE, case_id)
        known = clocks.awareness_of(case)
        found = {clock.name: clock for clock in clocks.clocks(HOUSE, case)}
        assert found["RGPD 33"].due_at - known == timedelta(hours=72)
        assert found["RGPD 33"].about["certainty"] == "sourced"
        assert all(clock.force in {"must", "should"} for clock in found.values())
        nis = [found[name] for name in found if name.startswith("NIS")]
        assert nis, "nobody knows the category of this organisation"
        assert {(clock.about["certainty"], clock.force) for clock in nis} == {
            ("to_verify", "should")
        }


@pytest.mark.parametrize(("bill", "concerned"), [(None, False), ("EE", True)])
def test_the_directory_says_whether_nis2_may_concern_a_commune(database, bill, concerned):
    make_declaration(make_organisation(facts={"nis2_bill": bill}), RANSOMWARE)
    with atomic(SYSTEM) as s:
        names = s.scalars(select(Clock.name)).all()
    assert any(name.startswith("NIS") for name in names) is concerned


def test_who_closes_learns_what_is_still_under_way(client):
    case_id = opened()
    with atomic(SYSTEM) as s:
        case = s.get_one(Case, case_id)
        open_tasks = len([t for t in tasks.tasks_of(HOUSE, case) if t.state == "open"])
        running = len([c for c in clocks.clocks(HOUSE, case) if c.state == "running" and c.sure])
    sign_in(client, make_person("responder"))
    page = client.get(f"/desk/cases/{case.reference}/do/close").text
    assert min(open_tasks, running) > 1
    assert f"{open_tasks} tâches sont encore ouvertes" in page
    assert f"{running} échéances légales ne sont pas tenues" in page


def test_the_desk_reads_what_is_still_doubtful_of_a_duty(client):
    opened()
    with atomic(SYSTEM) as s:
        clock = s.scalars(select(Clock).where(Clock.name == "RGPD 33")).one()
    sign_in(client, make_person("responder"))
    page = client.get(f"/desk/clocks/{clock.id}").text
    assert "Bon à savoir" in page
    assert clock.about["note"]["fr"][:40] in page


def test_the_operators_word_on_the_law_is_heeded(database):
    class Checked:
        nis2_status = "not-in-force"

    class Unchecked:
        nis2_status = "unconfirmed"

    try:
        duties.heed(Checked())
        case_id = opened()
        with atomic(SYSTEM):
            case = cases.find_case(HOUSE, case_id)
            assert not [c for c in clocks.clocks(HOUSE, case) if c.name.startswith("NIS")]
    finally:
        duties.heed(Unchecked())


def test_a_duty_done_in_the_tasks_is_done_on_its_clock(database):
    open_rooms()
    publish_some("ransomware")
    case_id, responder = opened(RANSOMWARE), actor_of(make_person("responder"))
    with atomic(responder.scope):
        case = cases.access_case(responder, case_id)
        call = next(t for t in tasks.tasks_of(responder, case) if t.name == "call_back")
        tasks.answer(responder, call, answer="done", values={"verdict": "ransomware"})
    with atomic(responder.scope):
        case = cases.access_case(responder, case_id)
        asked = [t for t in tasks.tasks_of(responder, case) if t.name.endswith("complaint")]
        words = "Récépissé 2026-0117, gendarmerie."
        tasks.answer(responder, asked[0], answer="done", words=words)
    with atomic(SYSTEM):
        found = {c.name: c for c in clocks.clocks(HOUSE, cases.find_case(HOUSE, case_id))}
        assert (found["LOPMI"].state, found["LOPMI"].proof) == ("done", words)
        assert found["RGPD 33"].state == "running"

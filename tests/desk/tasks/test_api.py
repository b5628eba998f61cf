"""Tasks as a program meets them: those of a case, those that wait for it, and its answers."""

from uuid import uuid4

import pytest

from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.tasks import audience, service
from cyberdesk.desk.tasks.api import _mine
from cyberdesk.desk.tasks.models import Task
from tests.desk.tasks.test_tasks import RUN, asked
from tests.factories.machines import make_machine
from tests.factories.people import actor_of, make_membership


@pytest.fixture
def machine_of(app, world):
    return lambda who, scopes=None: make_machine(app, world.people[who], scopes)


@pytest.fixture
def case(app, world):
    case_id = world.open_case()
    with atomic(SYSTEM):
        return cases.find_case(world.responder, case_id)


@pytest.fixture
def put(world, case):
    def one(**changed):
        with atomic(SYSTEM):
            here = cases.find_case(world.responder, case.id)
            return str(service.open_question(here, asked(**changed), run_id=RUN).id)

    return one


def test_a_task_is_told_in_both_languages_with_what_it_asks(machine_of, case, put):
    task_id = put()
    task = machine_of("member").get(f"/tasks/{task_id}").json
    assert task["title"] == {"fr": "Débrancher le réseau", "en": "Unplug the network"}
    assert task["why"] == [{"fr": "Pour arrêter", "en": "To stop it"}]
    assert [one["value"] for one in task["answers"]] == ["done", "impossible", "unknown"]
    assert [(one["name"], one["type"]) for one in task["questions"]] == [("hosts", "integer")]
    assert task["may_answer"] is True
    listed = machine_of("responder").get(f"/cases/{case.reference}/tasks?state=open").json["data"]
    assert [one["id"] for one in listed] == [task_id]


def test_answering_is_done_once_and_read_again(machine_of, put):
    task_id, machine = put(), machine_of("member")
    body = {"answer": "done", "values": {"hosts": 12}, "words": "débranché"}
    key = {"Idempotency-Key": str(uuid4())}
    first = machine.post(f"/tasks/{task_id}/answer", body, **key)
    assert first.status_code == 200
    assert (first.json["state"], first.json["values"], first.json["answered_side"]) == (
        "answered",
        {"hosts": 12},
        "commune",
    )
    assert machine.post(f"/tasks/{task_id}/answer", body, **key).json == first.json
    assert machine.post(f"/tasks/{task_id}/answer", body).status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"answer": "maybe"}, "answer"),
        ({"answer": "done", "values": {"hosts": "many"}}, "hosts"),
        ({"answer": "done", "values": {"other": 1}}, "other"),
        ({"answer": "done", "values": {"hosts": -1}}, "hosts"),
        ({"answer": "done", "values": {"hosts": 10**30}}, "hosts"),
        ({"answer": "done", "note": "x"}, "note"),
        ({}, "answer"),
    ],
)
def test_a_wrong_answer_is_refused_by_its_field(machine_of, put, body, field):
    refused = machine_of("member").post(f"/tasks/{put()}/answer", body)
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == [field]


@pytest.mark.parametrize("who", ["southerner", "stranger"])
def test_a_task_of_another_tenant_is_as_if_it_were_not(machine_of, put, who):
    machine, task_id = machine_of(who), put()
    theirs, none = machine.get(f"/tasks/{task_id}"), machine.get(f"/tasks/{uuid4()}")
    assert (theirs.status_code, theirs.json) == (none.status_code, none.json) == (404, none.json)
    assert machine.post(f"/tasks/{task_id}/answer", {"answer": "done"}).status_code == 404
    assert machine.get("/tasks").json["data"] == []


def test_reading_tasks_is_not_answering_them(machine_of, put):
    narrow = machine_of("member", {"case:read", "task:read"})
    refused = narrow.post(f"/tasks/{put()}/answer", {"answer": "done"})
    assert refused.status_code == 403
    assert 'scope="task:answer"' in refused.headers["WWW-Authenticate"]


def test_what_waits_for_the_desk_is_what_its_own_cases_ask(machine_of, case, put):
    ours, leads = put(path="a", who="responder"), put(path="b", who="lead")
    put(path="c", who="commune")
    desk, lead = machine_of("responder"), machine_of("lead")
    assert desk.all("/tasks") == []
    desk.post(f"/cases/{case.reference}/take")
    assert [one["id"] for one in desk.all("/tasks?limit=1")] == [ours]
    assert lead.all("/tasks") == []
    desk.post(f"/cases/{case.reference}/release", {"reason": "x"})
    lead.post(f"/cases/{case.reference}/take")
    assert [one["id"] for one in lead.all("/tasks?limit=1")] == [ours, leads]


def test_what_is_listed_may_be_answered(world, case, put):
    """The list in SQL asks what the service asks of one task."""
    for who in audience.NAMES:
        put(path=who, who=who)
    actors = [*world.actors.values(), world.link_to(case.id), world.provider_of(case.id)]
    with atomic(SYSTEM):
        tasks = session().query(Task).all()
        for actor in actors:
            listed = {task.who for task in session().scalars(_mine(actor))}
            allowed = {task.who for task in tasks if audience.answers(actor, task)}
            desk = actor.staff
            assert listed <= allowed
            assert desk or listed == allowed, actor.name


def test_two_roles_are_two_ways(world, put):
    """A person of the commune who is on the desk as well is asked on both sides."""
    make_membership(world.people["member"], "responder", strand="cyber")
    put(path="a", who="commune")
    with atomic(SYSTEM):
        found = session().scalars(_mine(actor_of(world.people["member"]))).all()
    assert [task.who for task in found] == ["commune"]

"""Tasks: who sees them, who answers, what answers are taken, and what follows."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, ActorKind, Grant, Role
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from cyberdesk.core.events import events
from cyberdesk.core.text import speaking
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.tasks import service
from cyberdesk.desk.tasks.known import Memory
from cyberdesk.desk.tasks.models import Task
from cyberdesk.desk.tasks.questions import read_answers
from cyberdesk.desk.tasks.view import view
from cyberdesk.rooms import open_rooms
from tests.desk.cases.conftest import ending
from tests.factories import sign_in

RUN = uuid4()
MORNING = datetime(2026, 11, 23, 6, 40, tzinfo=UTC)


def asked(path="isolate", ticket=1, **changed):
    """What the engine asks, as its `ask` command."""
    return {
        "path": path,
        "ticket": ticket,
        "kind": "task",
        "who": "commune",
        "step": "action--1",
        "title": {"fr": "Débrancher le réseau", "en": "Unplug the network"},
        "due": int((MORNING + timedelta(minutes=30)).timestamp() * 1000),
        "content": {"why": [{"fr": "Pour arrêter", "en": "To stop it"}]},
        "questions": {
            "hosts": {"label": {"fr": "Combien ?", "en": "How many?"}, "type": "integer", "min": 0}
        },
        "phase": "contain",
    } | changed


@pytest.fixture
def case_id(world):
    open_rooms()
    return world.open_case()


@pytest.fixture
def put(world, case_id):
    """Open a question and return its id."""

    def one(**changed):
        with clock.using(clock.still(MORNING)), atomic(SYSTEM):
            case = cases.find_case(world.responder, case_id)
            return service.open_question(case, asked(**changed), run_id=RUN).id

    return one


def answer(actor, task_id, said="done", **given):
    with atomic(actor.scope):
        return service.answer(actor, service.access_task(actor, task_id), answer=said, **given)


def stored(task_id):
    with atomic(SYSTEM):
        task = session().get_one(Task, task_id)
        return task, task.values, task.note


def test_asking_twice_is_asking_once(put):
    assert put() == put()


def test_the_commune_answers_and_the_run_hears_it(world, put, monkeypatch):
    heard = []
    monkeypatch.setitem(
        events._handlers, "task:answered", [lambda **facts: heard.append(facts["task"].values)]
    )
    task_id = put()
    answer(world.member, task_id, values={"hosts": "12"}, words="appelé à 09:12")
    task, values, words = stored(task_id)
    assert (task.answer, task.answered_by, task.answered_side) == ("done", "Nora Nord", "commune")
    assert (values, words, heard) == ({"hosts": 12}, "appelé à 09:12", [{"hosts": 12}])


@pytest.mark.parametrize("said", ["impossible", "unknown"])
def test_not_possible_here_and_i_do_not_know_are_answers(world, put, said):
    task_id = put()
    answer(world.member, task_id, said)
    assert stored(task_id)[0].answer == said


def test_a_second_answer_is_told_that_it_comes_second(world, put):
    task_id = put()
    answer(world.member, task_id)
    with pytest.raises(ConflictError):
        answer(world.responder, task_id)


def test_the_desk_answers_for_somebody_on_the_telephone(world, put):
    task_id = put(who="mayor")
    answer(world.responder, task_id)
    assert stored(task_id)[0].answered_side == "desk"


def test_a_task_of_the_desk_is_not_seen_by_the_commune(world, put):
    task_id = put(who="responder")
    with pytest.raises(NotFoundError):
        answer(world.member, task_id)


def test_a_provider_sees_its_own_only(world, case_id, put):
    provider = Actor(
        ActorKind.LINK, id=uuid4(), name="Infogérant", grants=(Grant(Role.PROVIDER, case=case_id),)
    )
    theirs, town = put(path="host", who="provider"), put(path="town")
    answer(provider, theirs)
    with pytest.raises(NotFoundError):
        answer(provider, town)


def test_a_lead_task_is_the_leads(world, put):
    task_id = put(who="lead")
    with pytest.raises(ForbiddenError):
        answer(world.responder, task_id)
    answer(world.lead, task_id)


def test_four_eyes_are_not_two(world, put):
    task_id = put(
        kind="confirm", who="responder", by=str(world.responder.id), content={}, questions={}
    )
    with pytest.raises(ForbiddenError):
        answer(world.responder, task_id, "agree")
    answer(world.second, task_id, "agree")


@pytest.mark.parametrize(
    ("kind", "said"),
    [("task", "agree"), ("confirm", "done"), ("verify", "unknown"), ("decide", "maybe")],
)
def test_an_answer_of_another_kind_is_refused(world, put, kind, said):
    with pytest.raises(InvalidError):
        answer(world.responder, put(kind=kind, choices=["true", "false"]), said)


def test_another_commune_and_the_administrator_find_nothing(world, put):
    task_id = put()
    for stranger in (world.southerner, world.admin, world.stranger):
        with pytest.raises(NotFoundError):
            answer(stranger, task_id)


def test_what_a_task_says_is_sealed(put):
    task, *_ = stored(put())
    assert b"brancher" not in task.content_sealed


def test_closing_withdraws_and_a_late_answer_changes_nothing(world, put):
    task_id = put()
    with atomic(SYSTEM):
        service.close_question(RUN, "isolate", 1, "known")
    with pytest.raises(ConflictError):
        answer(world.member, task_id)


def test_the_queue_waits_for_our_own_task_first(world, case_id, put):
    put()
    with atomic(SYSTEM):
        assert cases.find_case(world.responder, case_id).waits_on == "commune"
    ours = put(path="call", who="responder", due=None)
    with atomic(SYSTEM):
        case = cases.find_case(world.responder, case_id)
        assert (case.waits_on, "tasks" in case.dues) == ("responder", True)
    answer(world.responder, ours)
    with atomic(SYSTEM):
        assert cases.find_case(world.responder, case_id).waits_on == "commune"


def test_without_it_staff_the_variant_is_shown_and_offered_when_that_is_not_known(world, put):
    content = {
        "how": [{"fr": "Console", "en": "Console"}],
        "no_it": {"who": "commune", "how": [{"fr": "Appelez", "en": "Call"}]},
    }
    with atomic(SYSTEM), speaking("fr"):
        known = session().get_one(
            Task, put(path="a", who="provider", content=content, without_it=True)
        )
        unknown = session().get_one(
            Task, put(path="b", who="provider", content=content, without_it=None)
        )
        assert known.who == "commune"
        assert view(world.member, known).how == ["Appelez"]
        shown = view(world.responder, unknown)
        assert (shown.how, shown.variant.how) == (["Console"], ["Appelez"])


def test_a_task_by_hand(world, case_id):
    with atomic(world.responder.scope):
        case = cases.find_case(world.responder, case_id)
        title = {"fr": "Rappeler", "en": "Call back"}
        task = service.open_task(
            world.responder, case, name="call-back", who="responder", title=title, due=MORNING
        )
        service.withdraw(world.responder, task, why="double")
    assert stored(task.id)[0].state == "withdrawn"
    with atomic(world.member.scope), pytest.raises(ForbiddenError):
        case = cases.find_case(world.member, case_id)
        service.open_task(world.member, case, name="x", who="commune", title=title)


QUESTIONS = {
    "n": {"type": "integer", "min": 0, "max": 100},
    "f": {"type": "float"},
    "b": {"type": "bool"},
    "c": {"type": "choice", "choices": {"a": {}, "z": {}}},
    "t": {"type": "datetime"},
    "s": {"type": "string"},
}


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("n", "12", 12),
        ("n", "1 00", 100),
        ("n", "?", None),
        ("n", "", None),
        ("f", "3,5", 3.5),
        ("b", "oui", True),
        ("b", False, False),
        ("c", "z", "z"),
        ("t", "2026-03-29T09:00", "2026-03-29T07:00:00+00:00"),
        ("t", "2026-03-28T09:00", "2026-03-28T08:00:00+00:00"),
        ("s", "  x ", "x"),
    ],
)
def test_answers_are_read_as_their_type(name, raw, value):
    assert read_answers(QUESTIONS, {name: raw})[name] == value


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("n", "1e9"),
        ("n", "101"),
        ("n", "2.5"),
        ("n", "٣"),
        ("n", True),
        ("b", "peut-être"),
        ("c", "q"),
        ("t", "hier"),
        ("s", "x" * 501),
        ("s", ["x"]),
        ("other", "x"),
    ],
)
def test_what_does_not_fit_is_said_by_field(name, raw):
    with pytest.raises(InvalidError) as caught:
        read_answers(QUESTIONS, {name: raw})
    assert name in caught.value.fields


def test_what_must_be_known_is_asked_for():
    with pytest.raises(InvalidError):
        read_answers({"n": {"type": "integer", "unknown": "refused"}}, {"n": "?"})


@pytest.mark.parametrize("answered", [False, True])
def test_the_page_of_a_task_is_shown_before_and_after_its_answer(app, world, put, answered):
    task_id = put(who="responder")
    if answered:
        answer(world.responder, task_id, values={"hosts": "12"}, words="deux bureaux")
    shown = sign_in(app.test_client(), world.people["responder"]).get(f"/desk/tasks/{task_id}")
    assert shown.status_code == 200
    assert "Débrancher le réseau" in shown.text
    assert ("deux bureaux" in shown.text) is answered
    assert "Combien\u202f?" in shown.text
    assert ('name="q-hosts"' in shown.text) is not answered


def test_a_case_that_is_opened_again_asks_somebody_how_to_go_on(world, case_id):
    with clock.using(clock.still(MORNING)), atomic(world.responder.scope):
        case = cases.find_case(world.responder, case_id)
        title = {"fr": "Rappeler", "en": "Call back"}
        service.open_task(world.responder, case, name="call", who="responder", title=title)
        cases.close_case(world.responder, case, **ending())
        assert service.tasks_of(world.responder, case, state="open") == []
        assert case.waits_on is None
        cases.reopen_case(world.responder, case, reason="le rançongiciel est revenu")
        (asks,) = service.tasks_of(world.responder, case, state="open")
        assert (asks.name, asks.who) == ("go-on", "responder")
        assert case.waits_on == "responder"
        assert asks.content["title"]["fr"] == "Convenir avec la commune de la suite"
        cases.close_case(world.responder, case, **ending())
        assert service.tasks_of(world.responder, case, state="open") == []


def proposed(actor, task_id):
    with atomic(actor.scope), speaking("en"):
        task = service.access_task(actor, task_id)
        known = view(actor, task, Memory(actor, task.case)).known
        return {name: (one.value, str(one.source)) for name, one in known.items()}


def test_what_was_told_already_is_proposed_with_where_it_comes_from(world, put) -> None:
    answer(world.member, put(), values={"hosts": 12})
    with clock.using(clock.still(MORNING + timedelta(hours=1))):
        [(value, source)] = proposed(world.responder, put(path="other>count", ticket=2)).values()
    assert value == "12"
    assert source.endswith("for “Unplug the network”: confirm or change.")
    assert source.startswith("Told already by ")


@pytest.mark.parametrize(
    "again",
    [
        {"path": "scope#2/isolate"},
        {"path": "count", "content": {"decision": True}},
        {"path": "count", "questions": {"hosts": {"label": "?", "type": "string"}}},
        {"path": "count", "questions": {"others": {"label": "?", "type": "integer"}}},
    ],
)
def test_a_fresh_answer_is_asked_for_in_a_loop_a_decision_and_of_another_question(
    world, put, again
) -> None:
    answer(world.member, put(), values={"hosts": 12})
    assert proposed(world.responder, put(ticket=2, **again)) == {}


def test_nothing_is_proposed_that_its_reader_may_not_see(world, put) -> None:
    answer(world.responder, put(who="responder"), values={"hosts": 12})
    theirs = put(path="count", ticket=2)
    assert proposed(world.member, theirs) == {}
    assert proposed(world.responder, theirs)["hosts"][0] == "12"


def test_whoever_did_it_is_told_that_somebody_else_confirms(world, put) -> None:
    by = str(world.lead.person)
    task_id = put(kind="confirm", who="responder", by=by)
    with atomic(SYSTEM), speaking("en"):
        task = session().get_one(Task, task_id)
        mine, theirs = view(world.lead, task), view(world.responder, task)
        assert (mine.may_answer, theirs.may_answer) == (False, True)
        assert str(mine.asks).startswith("You did this yourself")
        assert str(theirs.asks).startswith("Somebody says that this is done.")


def test_whoever_is_to_agree_reads_what_would_be_done(world, put) -> None:
    words = {"fr": "Bonjour", "en": "Hello"}
    given = {"to": "a@b.fr", "text": words, "data": {"n": 1}}
    task_id = put(kind="approve", who="responder", action="mail.send", input=given)
    with atomic(SYSTEM), speaking("en"):
        given = view(world.responder, session().get_one(Task, task_id)).given
    assert given == [("to", "a@b.fr"), ("text", "Hello"), ("data", '{"n": 1}')]

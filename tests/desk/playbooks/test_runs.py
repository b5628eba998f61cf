"""Runs in the database: started and answered; on a real PostgreSQL."""

import pytest
from sqlalchemy import select

from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import CaseMessage
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.tasks import service as tasks

T = "{task: {fr: Faire, en: Do}, who: commune"
D = "{task: {fr: Faire, en: Do}, who: responder"


def test_a_run_begins_in_the_transaction_that_starts_it(bench) -> None:
    run_id = bench.start(f"a: {T}, within: 30m}}\nb: {T}}}")
    run = bench.run(run_id)
    assert (run.status, run.waits) == ("running", ["open"])
    assert run.due_at is not None
    task = bench.task("a")
    assert (task.who, task.content["title"]["fr"], task.state) == ("commune", "Faire", "open")
    with atomic(SYSTEM):
        case = bench.case()
        assert (case.waits_on, case.next_due_at) == ("commune", task.due_at)


def test_an_answer_goes_on_at_once_and_is_sealed_and_journalled(bench) -> None:
    question = "{label: {fr: Quoi, en: What}, type: text}"
    run_id = bench.start(f"a: {T}, ask: {{words: {question}}}}}\nb: {D}}}")
    bench.answer("a", actor=bench.world.member, words="Mot de passe : azerty")
    assert bench.waits(run_id) == {"b": "open"}
    assert bench.task("a").values == {"words": "Mot de passe : azerty"}
    with atomic(SYSTEM):
        row = session().get_one(Run, run_id)
        assert b"azerty" not in (row.state_sealed or b"")
        actions = session().scalars(select(AuditEntry.action)).all()
        assert {"run:start", "run:answer", "task:answer"} <= set(actions)


def test_a_wrong_answer_says_where_and_changes_nothing(bench) -> None:
    question = "{label: {fr: a, en: a}, type: integer, max: 9, unknown: refused}"
    bench.start(f"a: {T}, ask: {{n: {question}}}}}")
    for given in ({"n": "many"}, {"n": 99}, {"n": None}, {}):
        with pytest.raises(InvalidError) as caught:
            bench.answer("a", **given)
        assert "n" in caught.value.fields
    assert bench.task("a").state == "open"


def test_answering_twice_is_a_conflict(bench) -> None:
    bench.start(f"a: {T}}}\nb: {T}}}")
    actor = bench.world.responder
    with atomic(actor.scope):
        task_id = bench.task_id("a")
    bench.answer("a")
    with atomic(actor.scope), pytest.raises(ConflictError):
        tasks.answer(actor, tasks.access_task(actor, task_id), answer="done")


def test_each_side_sees_and_answers_its_own_tasks(bench) -> None:
    bench.start(
        f"""
        p:
          parallel:
            x: {{a: {T}}}}}
            y: {{b: {D}}}}}
            z: {{c: {{task: {{fr: a, en: a}}, who: provider}}}}
        """
    )
    world = bench.world
    provider = world.provider_of(bench.case_id)
    seen = {}
    for name, actor in (("member", world.member), ("responder", world.responder), ("p", provider)):
        with atomic(actor.scope):
            case = cases.access_case(actor, bench.case_id)
            seen[name] = {task.path for task in tasks.tasks_of(actor, case)}
    assert seen["member"] == {"p/x/a", "p/z/c"}
    assert seen["responder"] == {"p/x/a", "p/y/b", "p/z/c"}
    assert seen["p"] == {"p/z/c"}
    with pytest.raises(NotFoundError), atomic(SYSTEM):
        tasks.access_task(world.southerner, bench.task_id("p/x/a"))
    with pytest.raises(NotFoundError):
        bench.answer("p/y/b", actor=world.member)
    bench.answer("p/x/a", actor=world.responder)
    assert bench.task("p/x/a").answered_side == "desk"


def test_four_eyes_need_another_person(bench) -> None:
    run_id = bench.start("a: {task: {fr: a, en: a}, who: responder, approve: lead}")
    bench.answer("a", actor=bench.world.lead)
    with pytest.raises(ForbiddenError):
        bench.answer("a", "agree", actor=bench.world.lead)
    with pytest.raises(ForbiddenError):
        bench.answer("a", "agree", actor=bench.world.responder)
    assert bench.waits(run_id) == {"a": "confirm"}


def test_an_act_of_the_house_is_done_with_its_step(bench) -> None:
    run_id = bench.start(
        "a: {do: case.message, with: {text: {fr: Bonjour, en: Hello}}, out: {m: message}}",
        more="variables: {m: {type: uuid}}\n",
    )
    assert bench.run(run_id).status == "completed"
    with atomic(SYSTEM):
        (message,) = session().scalars(select(CaseMessage)).all()
        assert (message.body, message.side) == ("Bonjour", "desk")
        assert bench.run(run_id).state["contexts"][""]["vars"]["m"] == str(message.id)


def test_an_act_of_the_house_that_is_refused_fails_its_step_alone(bench) -> None:
    run_id = bench.start(f"a: {{do: case.message, with: {{words: x}}, on_failure: {{b: {D}}}}}}}")
    assert bench.waits(run_id) == {"b": "open"}

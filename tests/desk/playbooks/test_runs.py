"""Runs in the database: started, answered, worked off, steered; on a real PostgreSQL."""

import threading
from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cyberdesk.core import clock
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from cyberdesk.core.jobs.models import Message
from cyberdesk.core.text import speaking
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import CaseMessage
from cyberdesk.desk.connectors.service import Prepared
from cyberdesk.desk.playbooks import effects, matching, service, sweeps, versions, watch, why
from cyberdesk.desk.playbooks.models import Effect, PlaybookVersion, Run
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import Task
from tests.desk.playbooks.written import playbook

T = "{task: {fr: Faire, en: Do}, who: commune"
D = "{task: {fr: Faire, en: Do}, who: responder"


def jump(minutes: float):
    """Let the clock show a later time inside the block."""
    later = clock.now() + timedelta(minutes=minutes)
    return clock.using(clock.still(later))


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


# -- effects


def test_effects_are_brought_about_one_after_the_other(bench, deeds) -> None:
    run_id = bench.start(
        "a: {do: deed.fold, with: {what: one, count: '{n}'}, out: {line: line}}\n"
        "b: {do: deed.fold, with: {what: two}}\nc: {wait: 1h}",
        more="variables: {n: {type: integer, value: 3}, line: {type: integer}}\n",
    )
    assert bench.waits(run_id) == {"a": "acting"}
    with atomic(SYSTEM):
        (ring,) = session().scalars(select(Message).where(Message.topic == "playbook:wake")).all()
        assert ring.payload == {"run_id": str(run_id)}
    assert bench.wake(run_id) == 2
    assert [line.split()[1] for line in deeds.read_text().splitlines()] == ["one", "two"]
    assert bench.waits(run_id) == {"c": "waiting"}
    assert bench.state(run_id)["contexts"][""]["vars"]["line"] == 1
    assert bench.wake(run_id) == 0


def test_a_failing_effect_is_tried_again_when_it_is_time(bench, deeds) -> None:
    run_id = bench.start(
        f"a: {{do: deed.fold, with: {{mode: down}}, retry: {{attempts: 2, first: 5m}}, on_failure: {{b: {D}}}}}}}"
    )
    bench.wake(run_id)
    with speaking("en"):
        (said,) = why.why_waiting(bench.run(run_id))
    assert "(2 of 2): it did not work: connection refused" in said
    assert sweeps.fire_timers() == 0
    with jump(6):
        assert sweeps.fire_timers() == 1
        bench.wake(run_id)
    assert bench.waits(run_id) == {"b": "open"}
    assert bench.effects(run_id) == [("a", "failed"), ("a", "failed")]


@pytest.mark.parametrize(
    ("action", "waits", "lines"), [("fold", {}, 1), ("look", {}, 1), ("blind", {"a": "verify"}, 1)]
)
def test_a_lost_worker_is_noticed_and_the_class_decides(bench, deeds, action, waits, lines) -> None:
    run_id = bench.start(f"a: {{do: deed.{action}, with: {{what: x}}}}")
    with atomic(SYSTEM):
        held = effects._take(run_id)
    effects.perform(held)  # it happens, and the worker dies before saying so
    assert sweeps.recover() == 0, "the lease still holds"
    with jump(1):
        assert sweeps.recover() == 1
        bench.wake(run_id)
        assert bench.waits(run_id) == waits
    assert len(deeds.read_text().splitlines()) == lines
    if not waits:
        assert bench.run(run_id).status == "completed"


def test_a_worker_thawed_after_its_lease_changes_nothing(bench, deeds) -> None:
    run_id = bench.start("a: {do: deed.blind}\nb: {wait: 1h}")
    with atomic(SYSTEM):
        frozen = effects._take(run_id)
    with jump(1):
        sweeps.recover()
        before = bench.state(run_id)
        assert effects._complete(frozen, {"outcome": "done"}, again=False) is None
        assert bench.state(run_id) == before
        assert bench.waits(run_id) == {"a": "verify"}


def test_a_worker_frozen_before_it_began_does_not_begin(bench, deeds, monkeypatch) -> None:
    run_id = bench.start("a: {do: deed.blind}")
    take = effects._take
    with ExitStack() as later:

        def taken_then_frozen(wanted):
            held = take(wanted)
            later.enter_context(jump(1))
            return held

        monkeypatch.setattr(effects, "_take", taken_then_frozen)
        assert bench.wake(run_id) == 0
        assert not deeds.exists()
        assert sweeps.recover() == 1
        assert bench.waits(run_id) == {"a": "verify"}


def test_a_lease_that_is_renewed_is_not_lost(bench) -> None:
    run_id = bench.start("a: {do: deed.fold}")
    with atomic(SYSTEM):
        held = effects._take(run_id)
    with jump(0.15):
        from cyberdesk.desk.playbooks import ledger

        assert ledger.renew(held.id, held.token)
    with jump(0.25):
        assert sweeps.recover() == 0


def test_the_same_effect_of_a_case_is_brought_about_once(bench, deeds) -> None:
    steps = "a: {do: deed.blind, once_per: case, out: {n: line}}\nb: {wait: 1h}"
    more = "variables: {n: {type: integer}}\n"
    first, second = (bench.start(steps, more=more) for _ in range(2))
    with atomic(SYSTEM):
        held = effects._take(first)
    assert bench.wake(second) == 0, "the first is at it"
    outcome = effects.perform(held)
    effects._complete(held, outcome, again=False)
    with jump(1):
        bench.wake(second)
    assert len(deeds.read_text().splitlines()) == 1
    assert bench.waits(second) == {"b": "waiting"}
    assert bench.state(second)["contexts"][""]["vars"]["n"] == 1


def test_an_effect_nobody_took_is_rung_for_again(bench) -> None:
    run_id = bench.start("a: {do: deed.fold}")
    with atomic(SYSTEM):
        session().execute(update(Message).values(delivered_at=clock.now()))
    with jump(1):
        assert sweeps.recover() == 1
        assert sweeps.recover() == 0, "once in a while is enough"
    assert run_id


def test_a_faulty_connector_is_met_as_an_unknown_outcome(bench, monkeypatch) -> None:
    run_id = bench.start("a: {do: deed.blind}")
    monkeypatch.setattr(Prepared, "perform", lambda _self: 1 / 0)
    bench.wake(run_id)
    assert bench.waits(run_id) == {"a": "verify"}


# -- time and signals


def test_deadlines_make_tasks_late_and_open_the_breach_branch(bench) -> None:
    run_id = bench.start(f"a: {T}, within: 30m, breach: {{call: {D}}}}}}}")
    with jump(31):
        assert sweeps.fire_timers() == 1
        assert bench.task("a").late_at
        assert bench.waits(run_id) == {"a": "open", "a!breach/call": "open"}
        bench.answer("a")
    assert bench.task("a!breach/call").state == "withdrawn"
    assert bench.run(run_id).status == "completed"


def test_a_signal_counts_once(bench) -> None:
    run_id = bench.start(
        "w: {while: n is unknown or n < 9, max: 9, do: {a: {wait: {signal: case.told}, out: {n: n}}}}",
        more="variables: {n: {type: integer}}\n",
    )
    actor = bench.world.responder
    for expected in (True, False):
        with atomic(actor.scope):
            run = service.access_run(actor, run_id)
            told = service.signal(actor, run, name="case.told", payload={"n": 1}, dedup="x")
            assert told is expected
    assert bench.waits(run_id) == {"w#2/a": "waiting"}


# -- steering


def test_pause_holds_effects_and_resume_rings(bench, deeds) -> None:
    run_id = bench.start("a: {do: deed.fold}\nb: {wait: 1h}")
    actor = bench.world.responder
    with atomic(actor.scope):
        service.pause(actor, service.access_run(actor, run_id), reason="on verifie")
    assert bench.wake(run_id) == 0
    with atomic(actor.scope):
        service.resume(actor, service.access_run(actor, run_id))
    assert bench.wake(run_id) == 1


def test_cancel_calls_back_what_has_not_begun(bench, deeds) -> None:
    run_id = bench.start(f"a: {{do: deed.blind, undo: {{back: {D}}}}}}}\nb: {T}}}")
    lead = bench.world.lead
    with atomic(lead.scope):
        service.cancel(lead, service.access_run(lead, run_id), reason="fausse alerte")
    assert bench.run(run_id).status == "cancelled"
    assert bench.effects(run_id) == [("a", "void")]
    assert not deeds.exists()


def test_cancel_undoes_what_was_done(bench, deeds) -> None:
    run_id = bench.start(f"a: {{do: deed.blind, undo: {{back: {D}}}}}}}\nb: {T}}}")
    bench.wake(run_id)
    lead = bench.world.lead
    with atomic(lead.scope):
        service.cancel(lead, service.access_run(lead, run_id), reason="fausse alerte")
    assert bench.waits(run_id) == {"a!undo/back": "open"}
    assert bench.task("b").state == "withdrawn"


def test_steering_needs_its_right_and_a_reason(bench) -> None:
    run_id = bench.start(f"a: {T}}}")
    world = bench.world
    with atomic(SYSTEM):
        run = session().get_one(Run, run_id)
        for act in (service.pause, service.cancel):
            with pytest.raises(ForbiddenError):
                act(world.member, run, reason="x")
        with pytest.raises(ForbiddenError):
            service.cancel(world.responder, run, reason="x")
        with pytest.raises(InvalidError):
            service.skip(world.responder, run, path="a", reason=" ")


def test_skip_retry_and_redo_are_told_and_late_ones_refused(bench) -> None:
    run_id = bench.start(f"a: {T}}}\nb: {T}}}")
    actor = bench.world.responder
    with atomic(actor.scope):
        service.skip(actor, service.access_run(actor, run_id), path="a", reason="fait par tel")
    assert bench.waits(run_id) == {"b": "open"}
    with atomic(actor.scope):
        service.redo(actor, service.access_run(actor, run_id), path="a", reason="mal fait")
    assert bench.waits(run_id) == {"a": "open"}
    with atomic(actor.scope), pytest.raises(ConflictError):
        service.retry(actor, service.access_run(actor, run_id), path="b")
    with atomic(actor.scope):
        case = cases.access_case(actor, bench.case_id)
        kinds = [line.kind for line in cases.timeline(actor, case)]
    assert {"run:started", "run:skip", "run:redo"} <= set(kinds)


def test_closing_a_case_stops_its_runs(bench) -> None:
    from tests.desk.cases.conftest import ending

    run_id = bench.start(f"a: {T}}}\nb: {{do: deed.fold}}")
    actor = bench.world.responder
    with atomic(actor.scope):
        cases.close_case(actor, cases.access_case(actor, bench.case_id), **ending())
    run = bench.run(run_id)
    assert (run.status, run.outcome) == ("cancelled", "case-closed")
    assert bench.task("a").state == "withdrawn"


def test_a_case_tells_its_runs_what_changes(bench) -> None:
    run_id = bench.start(
        f"i: {{if: severity == 'critical', then: {{a: {T}}}}}}}\nb: {T}}}",
        more="variables: {severity: {type: string, from: case.severity},"
        " org: {type: string, from: case.organisation}}\n",
    )
    state = bench.state(run_id)
    assert state["contexts"][""]["vars"]["org"] == "Saint-Exemple"
    assert bench.waits(run_id) == {"b": "open"}
    lead = bench.world.lead
    with atomic(lead.scope):
        case = cases.access_case(lead, bench.case_id)
        cases.override_severity(lead, case, to=4, reason="hopital")
    assert bench.state(run_id)["contexts"][""]["vars"]["severity"] == "critical"


# -- versions


def test_a_run_keeps_its_version_when_a_new_one_is_published(bench) -> None:
    first = bench.start(f"a: {T}}}\nb: {T}}}")
    second = bench.start(f"a: {T}}}\nc: {T}}}")
    for run_id in (first, second):
        with atomic(bench.world.responder.scope):
            task = session().scalars(select(Task).where(Task.run_id == run_id)).one()
            tasks.answer(bench.world.responder, task, answer="done")
    assert (bench.waits(first), bench.waits(second)) == ({"b": "open"}, {"c": "open"})


def test_publishing_twice_is_one_version_and_faults_are_told(bench) -> None:
    lead = bench.world.lead
    source = playbook(f"a: {T}}}")
    with atomic(lead.scope):
        assert versions.publish(lead, source=source).id == versions.publish(lead, source=source).id
        with pytest.raises(versions.RefusedPlaybookError) as caught:
            versions.publish(lead, source=playbook("a: {do: no.such}"))
    assert [finding.code for finding in caught.value.findings] == ["unknown-action"]
    with atomic(SYSTEM), pytest.raises(ForbiddenError):
        versions.publish(bench.world.responder, source=source)


def test_the_playbook_that_says_most_about_a_case_is_chosen(bench) -> None:
    heads = {
        "any": "for: {case: cyber}\npriority: 1\n",
        "ransom": "for: {case: cyber, types: [ransomware], severities: [high, critical]}\n",
        "phish": "for: {case: cyber, types: [phishing]}\npriority: 1\n",
        "never": "",
    }
    with atomic(SYSTEM):
        for name, more in heads.items():
            versions.publish(bench.world.lead, source=playbook(f"a: {T}}}", name=name, more=more))
        case = bench.case()
        assert [m.version.name for m in matching.candidates(case)] == ["ransom", "any"]
        run = service.start_run(bench.world.responder, case)
        assert run.name == "ransom"


def test_the_shipped_playbooks_are_published_once(bench, tmp_path) -> None:
    (tmp_path / "good.yaml").write_text(playbook(f"a: {T}}}", name="good"))
    (tmp_path / "bad.yaml").write_text("playbook: bad")
    assert versions.publish_shipped(tmp_path) == 1
    assert versions.publish_shipped(tmp_path) == 0
    with atomic(SYSTEM):
        assert session().scalars(select(PlaybookVersion.name)).all() == ["good"]


# -- the watchdog


def test_nothing_is_stuck_until_something_is_lost(bench) -> None:
    waiting = bench.start(f"a: {T}}}")
    acting = bench.start("a: {do: deed.fold}")
    timed = bench.start("a: {wait: 1h}")
    with atomic(SYSTEM):
        assert watch.stuck() == []
        session().execute(update(Effect).values(status="void"))
        session().execute(update(Run).where(Run.id == timed).values(due_at=None, waits=["delayed"]))
    with atomic(SYSTEM):
        assert {run.id for run in watch.stuck()} == {acting, timed}
        assert watch.stuck_count() == 2
    assert waiting


def test_why_it_waits_is_said_in_both_languages(bench) -> None:
    run_id = bench.start(f"a: {T}}}")
    told = {
        "fr": "Faire\u202f: attend la réponse de la mairie depuis ",
        "en": "Do: waits for the town hall’s answer since ",
    }
    for tongue, words in told.items():
        with speaking(tongue):
            (said,) = why.why_waiting(bench.run(run_id))
            assert said.startswith(words)


def test_a_case_waits_for_its_playbook_when_nobody_is_asked(bench, deeds) -> None:
    run_id = bench.start(f"a: {T}}}\nb: {{do: deed.fold}}\nc: {{wait: 1h}}\nd: {T}}}")

    def waits_on() -> str | None:
        with atomic(SYSTEM):
            return bench.case().waits_on

    bench.answer("a")
    assert waits_on() == "engine"
    bench.wake(run_id)
    assert waits_on() == "engine"
    with jump(61):
        sweeps.fire_timers()
        assert waits_on() == "commune"
        bench.answer("d")
    assert waits_on() is None


def test_answers_sweeps_and_workers_meet_without_waiting_in_a_circle(bench, deeds) -> None:
    """Twelve runs of one case, each answered, made late and worked on at the same moment."""
    runs = [
        bench.start(
            f"p: {{parallel: {{x: {{a{n}: {T}, within: 1m}}}}, y: {{b{n}: {{do: deed.fold}}}}}}}}"
        )
        for n in range(12)
    ]
    failures: list[Exception] = []

    def together(acts) -> None:
        def one(act) -> None:
            try:
                act()
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=one, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    later = clock.still(clock.now() + timedelta(minutes=2))

    def swept() -> None:
        with clock.using(later):
            sweeps.fire_timers()

    def answered() -> None:
        for n in range(12):
            bench.answer(f"p/x/a{n}")

    together([answered, swept, lambda: [bench.wake(r) for r in runs], swept])
    assert failures == []
    assert {bench.run(run_id).status for run_id in runs} == {"completed"}
    assert len(deeds.read_text().splitlines()) == 12

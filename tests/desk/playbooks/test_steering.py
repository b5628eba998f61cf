"""Steering a run: paused, cancelled, skipped, taken up again, and told of its case."""

import pytest

from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, ForbiddenError, InvalidError
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.playbooks import service, steering
from cyberdesk.desk.playbooks.models import Run

T = "{task: {fr: Faire, en: Do}, who: commune"
D = "{task: {fr: Faire, en: Do}, who: responder"


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


def test_a_run_goes_over_to_the_next_version_of_its_playbook(bench) -> None:
    run_id = bench.start(f"a: {T}}}\nb: {T}}}")
    bench.publish(f"b: {{task: {{fr: Refaire, en: Do again}}, who: commune}}\nc: {T}}}")
    lead, responder = bench.world.lead, bench.world.responder
    with atomic(lead.scope):
        run = service.access_run(lead, run_id)
        (newer,) = steering.others(run)
        told = steering.preview(run, newer.hash)
        assert [one["en"] for one in told.withdrawn] == ["Do"]
        assert [one["en"] for one in told.goes_on] == ["Do again"]
        with pytest.raises(ForbiddenError):
            service.migrate(responder, run, to=newer.hash, reason="x")
        service.migrate(lead, run, to=newer.hash, reason="nouvelle consigne")
    assert bench.waits(run_id) == {"b": "open"}
    assert bench.task("a").state == "withdrawn"
    assert bench.state(run_id)["contexts"][""]["program"] == newer.hash
    with atomic(SYSTEM):
        moved = session().get_one(Run, run_id)
        assert moved.hash == newer.hash
        assert steering.others(moved) != []  # back again, if that was wrong
        assert steering.preview(moved, newer.hash).refused is not None
    with atomic(lead.scope), pytest.raises(ConflictError):
        service.migrate(lead, service.access_run(lead, run_id), to=newer.hash, reason="x")
    with atomic(lead.scope):
        case = cases.access_case(lead, bench.case_id)
        assert "run:migrated" in [line.kind for line in cases.timeline(lead, case)]

"""Effects of a run: taken by one worker, tried again, lost, never brought about twice."""

from contextlib import ExitStack

import pytest
from sqlalchemy import select, update

from cyberdesk.core import clock
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs.models import Message
from cyberdesk.core.text import speaking
from cyberdesk.desk.connectors.service import Prepared
from cyberdesk.desk.playbooks import effects, ledger, sweeps, why
from cyberdesk.desk.playbooks.models import Effect
from tests.desk.playbooks.conftest import jump

D = "{task: {fr: Faire, en: Do}, who: responder"


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
    ("action", "waits", "lines"),
    [("fold", {}, 1), ("look", {}, 1), ("blind", {"a": "verify"}, 1), ("either", {}, 1)],
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


def test_the_class_of_an_action_may_be_that_of_its_input(bench, deeds) -> None:
    run_id = bench.start("a: {do: deed.either, with: {what: y, mode: lost}}")
    bench.wake(run_id)
    assert bench.waits(run_id) == {"a": "verify"}


def test_what_a_failed_effect_gave_is_kept(bench, deeds) -> None:
    run_id = bench.start(f"a: {{do: deed.fold, with: {{mode: refused}}, on_failure: {{b: {D}}}}}}}")
    bench.wake(run_id)
    with atomic(SYSTEM):
        effect = session().scalars(select(Effect).where(Effect.run_id == run_id)).one()
        assert (effect.status, effect.output) == ("failed", {"line": 7})


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


def test_a_lost_worker_is_noticed_though_the_clock_was_set_back(bench, monkeypatch) -> None:
    run_id = bench.start("a: {do: deed.blind}")
    with atomic(SYSTEM):
        effects._take(run_id)
    with jump(-60):
        assert sweeps.recover() == 0
        passed = clock.steady() + ledger.LEASE.total_seconds() + 1
        monkeypatch.setattr(clock, "steady", lambda: passed)
        assert sweeps.recover() == 1
    assert bench.waits(run_id) == {"a": "verify"}


def test_an_effect_does_not_wait_for_a_clock_that_was_set_back(bench, deeds) -> None:
    run_id = bench.start("a: {do: deed.fold}\nb: {wait: 1h}")
    with jump(-60):
        assert bench.wake(run_id) == 0
        sweeps.recover()
        assert bench.wake(run_id) == 1


def test_a_lease_that_is_renewed_is_not_lost(bench) -> None:
    run_id = bench.start("a: {do: deed.fold}")
    with atomic(SYSTEM):
        held = effects._take(run_id)
    with jump(0.15):
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

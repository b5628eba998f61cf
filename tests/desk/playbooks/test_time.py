"""Runs, time and signals: what is late opens its branch, what comes twice counts once."""

from cyberdesk.core.db import atomic
from cyberdesk.desk.playbooks import service, sweeps
from tests.desk.playbooks.conftest import jump

T = "{task: {fr: Faire, en: Do}, who: commune"
D = "{task: {fr: Faire, en: Do}, who: responder"


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

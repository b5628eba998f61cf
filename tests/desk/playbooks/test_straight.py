"""Going straight on from one effect to the next writes what the long way writes, or nothing."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, select

from cyberdesk.core import clock
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.crypto.vault import unseal
from cyberdesk.core.db import atomic, database, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.connectors import service as connectors
from cyberdesk.desk.playbooks import effects, service
from cyberdesk.desk.playbooks.actions import ENGINE
from cyberdesk.desk.playbooks.keeper import apply_held, hold
from cyberdesk.desk.playbooks.models import Effect, Run, StepInstance
from tests.desk.playbooks.conftest import HOUSE, jump

FOUR = (
    "a: {do: deed.fold, with: {what: one, count: '{n}'}, out: {line: line}}\n"
    "b: {do: deed.fold, with: {what: 'after {line}'}, out: {line: line}}\n"
    "c: {if: line == 2, then: d, else: e}\n"
    "d: {do: deed.blind, with: {what: 'after {line}'}, out: {line: line}}\n"
    "e: {do: deed.fold, with: {what: last}}\nf: {wait: 1h}"
)
MORE = "variables: {n: {type: integer, value: 3}, line: {type: integer, value: 0}}\n"
_OWN = {"id", "run_id", "case_id", "key_id", "key", "salt", "subject_id", "plain_hash"}


def _row(row, *sealed):
    kept = {c.key: getattr(row, c.key) for c in row.__table__.c if c.key not in _OWN}
    return {k: v for k, v in kept.items() if not k.endswith(("_sealed", "_at"))} | {
        name: getattr(row, name) for name in sealed
    }


def _written(run_id):
    """All that a run has written, without what is of its own."""
    with atomic(SYSTEM):
        run = session().get_one(Run, run_id, populate_existing=True)
        state = run.state
        acts = session().scalars(select(Effect).where(Effect.run_id == run_id))
        steps = session().scalars(select(StepInstance).where(StepInstance.run_id == run_id))
        told = session().scalars(
            select(AuditEntry).where(AuditEntry.subject_id == run_id).order_by(AuditEntry.id)
        )
        return {
            "run": _row(run, "state"),
            "effects": sorted(
                (_row(e, "input", "output") for e in acts), key=lambda e: e["ticket"]
            ),
            "steps": sorted((_row(s) for s in steps), key=lambda s: s["entry"]),
            "journal": [(e.action, e.actor_name, e.case_id, _payload(e)[32:]) for e in told],
            "state": state,
        }


def _payload(entry):
    return unseal(
        entry.key_id, entry.payload, table="audit_entries", row=entry.id, column="payload"
    )


@contextmanager
def _statements():
    """Count what is asked of the database but for the trips."""
    asked = []
    note = lambda conn, cur, said, *_: asked.append(said)  # noqa: E731
    event.listen(database().engine, "before_cursor_execute", note)
    yield asked
    event.remove(database().engine, "before_cursor_execute", note)


def test_it_writes_what_the_long_way_writes(bench, deeds, monkeypatch) -> None:
    still = clock.still(clock.now())
    with clock.using(still):
        straight = bench.start(FOUR, more=MORE)
        assert bench.wake(straight) == 4
        monkeypatch.setattr(effects, "go_on", lambda *_: None)
        deeds.unlink()
        long = bench.start(FOUR, more=MORE)
        assert bench.wake(long) == 4
    assert _written(straight) == _written(long)
    assert len(_written(straight)["journal"]) == 5


def test_nothing_is_read_on_the_way(bench, deeds) -> None:
    run_id = bench.start(FOUR, more=MORE)
    with atomic(SYSTEM):
        mine = effects._take(run_id)
    outcome = effects.perform(mine)
    with _statements() as asked:
        following = effects._complete(mine, outcome, again=True)
    assert (following.path, asked) == ("b", [])
    assert bench.effects(run_id) == [("a", "done"), ("b", "leased")]


@pytest.mark.parametrize("act", ["pause", "facts", "lost"])
def test_what_has_changed_meanwhile_is_heeded(bench, deeds, act) -> None:
    run_id = bench.start(FOUR, more=MORE)
    with atomic(SYSTEM):
        mine = effects._take(run_id)
    outcome = effects.perform(mine)
    actor = bench.world.responder
    match act:
        case "pause":
            with atomic(actor.scope):
                service.pause(actor, service.access_run(actor, run_id), reason="wait for me")
        case "facts":
            with atomic(SYSTEM):
                apply_held(ENGINE, hold(run_id), {"type": "facts", "values": {}})
        case "lost":
            with jump(1):
                assert effects.lose(mine.id, mine.until)
    following = effects._complete(mine, outcome, again=True)
    if act == "facts":
        assert following.path == "b"
    else:
        assert following is None
    assert bench.effects(run_id)[0] == ("a", "lost" if act == "lost" else "done")


def test_a_connector_that_was_set_up_anew_is_read_anew(bench, deeds, tmp_path) -> None:
    run_id = bench.start(FOUR, more=MORE)
    with atomic(SYSTEM):
        mine = effects._take(run_id)
    outcome = effects.perform(mine)
    other = tmp_path / "elsewhere"
    with atomic(SYSTEM):
        connectors.configure(HOUSE, "deed", given={"file": str(other)}, enabled=True)
    following = effects._complete(mine, outcome, again=True)
    effects.perform(following)
    assert other.exists()


def test_a_connector_that_was_switched_off_does_not_act(bench, deeds) -> None:
    run_id = bench.start(FOUR, more=MORE)
    with atomic(SYSTEM):
        mine = effects._take(run_id)
    outcome = effects.perform(mine)
    with atomic(SYSTEM):
        connectors.switch(HOUSE, "deed", enabled=False)
    following = effects._complete(mine, outcome, again=True)
    assert effects.perform(following)["outcome"] == "failed"
    assert len(deeds.read_text().splitlines()) == 1


def test_a_worker_frozen_while_its_clock_was_set_back_does_not_begin(bench, deeds) -> None:
    run_id = bench.start("a: {do: deed.blind}")
    with atomic(SYSTEM):
        mine = effects._take(run_id)
    assert not mine.lapsed
    with clock.using(clock.still(mine.until - 2 * effects.LEASE)):
        assert not mine.lapsed
        mine = replace(mine, since=mine.since - effects.LEASE.total_seconds())
        assert mine.lapsed, "the other clock goes on"

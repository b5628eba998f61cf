"""What must hold for any playbook under any order of events, late, doubled and odd ones too."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, event, given, note, settings
from hypothesis import strategies as st

from cyberdesk.desk.playbooks.engine import FINAL_RUN, advance, new_state, next_due, reasons
from cyberdesk.desk.playbooks.engine.state import LEAF, moment
from cyberdesk.desk.playbooks.gate import gate
from cyberdesk.desk.playbooks.language.read import compile_playbook
from cyberdesk.desk.playbooks.program import Program
from tests.desk.playbooks import random_playbooks as random
from tests.desk.playbooks.random_playbooks import programs

BEGIN = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
FINAL_STEP = {"done", "failed", "skipped", "withdrawn"}
ANSWERS = ["done", "impossible", "unknown", "agree", "refuse", "true", "false", "mail", "default"]
ANSWERS += ["go_on", "again", "not_done", "nonsense"]
USUAL = {
    "task": "done",
    "confirm": "agree",
    "approve": "agree",
    "verify": "done",
    "review": "go_on",
}


class Run:
    """A run with everything that was ever asked of it, checked after each event."""

    def __init__(self, program: Program, *others: Program) -> None:
        self.program = program
        self.library = {one.hash: one for one in (program, *others)}
        self.state, self.now = new_state(program), BEGIN
        self.asked: list[dict[str, Any]] = []
        self.acts: list[dict[str, Any]] = []
        self.past: list[dict[str, Any]] = []
        self.ends: Counter[int] = Counter()
        self.marked: set[int] = set()
        self.tell({"type": "start"})

    def tell(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        note(f"{self.now:%d %H:%M} {told}")
        before = json.dumps(self.state, sort_keys=True)
        state, commands = advance(self.library, self.state, told, self.now)
        again, same = advance(self.library, self.state, told, self.now)
        assert (state, commands) == (again, same), "not deterministic"
        assert json.dumps(self.state, sort_keys=True) == before, "the state given was changed"
        assert json.loads(json.dumps(state)) == state, "not plain JSON"
        self.state = state
        self.past.append(told)
        self._gather(told, commands)
        self._check()
        return commands

    def _gather(self, told: dict[str, Any], commands: list[dict[str, Any]]) -> None:
        self.asked += [c for c in commands if c["do"] == "ask"]
        self.acts += [c for c in commands if c["do"] == "act"]
        for command in commands:
            if command["do"] == "step" and command["status"] in FINAL_STEP:
                if told["type"] == "skip" and command["path"] == told["path"]:
                    self.marked.add(command["entry"])
                self.ends[command["entry"]] += 1

    def _check(self) -> None:
        state = self.state
        twice = {e for e, count in self.ends.items() if count > 1} - self.marked
        assert not twice, f"ended twice: {twice}"
        if state["status"] in FINAL_RUN:
            assert not [p for p, s in state["steps"].items() if s["status"] in LEAF]
            assert next_due(state) is None
        else:
            assert reasons(self.library, state), "waits for nothing that has a name"
            assert not state["queue"] or state["status"] == "paused"
        for reason in reasons(self.library, state):
            if reason.kind in ("delayed", "retrying"):
                assert reason.until is not None

    def own(self) -> dict[str, dict[str, Any]]:
        """Return the instances of the playbook itself, not of those that it calls."""
        return {p: s for p, s in self.state["steps"].items() if s["ctx"] == ""}

    def standing(self) -> dict[str, dict[str, Any]]:
        return {p: s for p, s in self.state["steps"].items() if s["status"] in LEAF}


@st.composite
def events(draw: st.DrawFn, run: Run) -> dict[str, Any]:  # noqa: PLR0911  # one return a kind
    kind = draw(
        st.sampled_from(
            ["answer"] * 6
            + ["result"] * 5
            + ["tick"] * 4
            + ["signal", "pause", "resume", "skip", "retry", "redo", "again", "cancel"]
        )
    )
    paths = st.sampled_from([*run.state["steps"], "nowhere"])
    match kind:
        case "answer" if run.asked:
            asked = draw(st.sampled_from(run.asked[-4:]))
            answer = draw(st.sampled_from([USUAL.get(asked["kind"], "true")] * 6 + ANSWERS))
            n, ok = draw(st.none() | st.integers(0, 4)), draw(st.none() | st.booleans())
            v = draw(st.sampled_from([None, "mail", "vpn", "odd"]))
            picked = {"path": asked["path"], "ticket": asked["ticket"], "answer": answer}
            return {"type": kind, **picked, "values": {"n": n, "ok": ok, "v": v}}
        case "result" if run.acts:
            act = draw(st.sampled_from(run.acts[-3:]))
            outcome = draw(
                st.sampled_from(["done"] * 4 + ["failed", "unknown", "lost", "not_done"])
            )
            repeatable = draw(st.sampled_from(["idempotent", "checkable", "unsafe"]))
            picked = {"path": act["path"], "ticket": act["ticket"], "outcome": outcome}
            return {"type": kind, **picked, "class": repeatable, "output": {"n": 3}}
        case "tick":
            run.now += timedelta(minutes=draw(st.sampled_from([0, 1, 30, 600])))
            return {"type": "tick"}
        case "signal":
            return {"type": "signal", "name": draw(st.sampled_from(["case.told", "case.other"]))}
        case "skip" | "retry" | "redo":
            return {"type": kind, "path": draw(paths)}
        case "again" if run.past:
            return draw(st.sampled_from(run.past))
        case "pause" | "resume":
            return {"type": kind}
        case "cancel" if draw(st.integers(0, 3)) == 0:
            return {"type": "cancel"}
    return {"type": "tick"}


def to_the_end(run: Run) -> None:
    """Answer everything, let every effect succeed and every timer fire: it must come to an end."""
    run.tell({"type": "resume"})
    for _ in range(400):
        if run.state["status"] in FINAL_RUN:
            return
        path, one = next(iter(run.standing().items()))
        told: dict[str, Any] = {"path": path, "ticket": one.get("ticket")}
        if one["status"] == "acting":
            run.tell({"type": "result", **told, "outcome": "done"})
        elif one.get("asked"):
            answer = USUAL.get(one["asked"]) or ("default" if "switch" in one["step"] else "false")
            run.tell({"type": "answer", **told, "answer": answer, "values": {"n": 0, "ok": False}})
        elif one.get("signal"):
            run.tell({"type": "signal", "name": one["signal"]})
        else:
            due = next_due(run.state)
            assert due is not None
            run.now = max(run.now, moment(due))
            run.tell({"type": "tick"})
    raise AssertionError("does not end")


_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(max_examples=150, deadline=None, suppress_health_check=_SLOW)
@given(programs(), st.data())
def test_any_run_names_what_it_waits_for_never_ends_a_step_twice_and_ends(
    program: Program, data: st.DataObject
) -> None:
    run = Run(program)
    for _ in range(data.draw(st.integers(0, 25))):
        run.tell(data.draw(events(run)))
    event(run.state["status"])
    to_the_end(run)
    event(run.state["status"])


@settings(max_examples=100, deadline=None, suppress_health_check=_SLOW)
@given(programs(), st.data())
def test_an_event_told_twice_changes_nothing_the_second_time(
    program: Program, data: st.DataObject
) -> None:
    run = Run(program)
    for _ in range(data.draw(st.integers(1, 15))):
        told = data.draw(events(run))
        run.tell(told)
        if told["type"] in ("answer", "result", "tick", "pause", "resume", "cancel", "start"):
            before = run.state
            commands = run.tell(told)
            assert run.state == before
            assert {c["do"] for c in commands} <= {"ignored"}


@settings(max_examples=60, deadline=None, suppress_health_check=_SLOW)
@given(random.sources())
def test_whatever_compiles_passes_the_gate_but_for_steps_nobody_reaches(source: str) -> None:
    compiled = compile_playbook(source)
    assert {f.code for f in gate(compiled)} <= {"unreachable"}


@settings(max_examples=40, deadline=None, suppress_health_check=_SLOW)
@given(programs(), st.data())
def test_a_cancelled_run_ends_cancelled(program: Program, data: st.DataObject) -> None:
    run = Run(program)
    for _ in range(data.draw(st.integers(0, 10))):
        run.tell(data.draw(events(run)))
    if run.state["status"] in FINAL_RUN:
        return
    run.tell({"type": "cancel"})
    to_the_end(run)
    assert run.state["status"] == "cancelled"


@settings(max_examples=70, deadline=None, suppress_health_check=_SLOW)
@given(st.lists(programs(), min_size=2, max_size=3), st.data())
def test_a_run_that_goes_over_to_another_version_waits_for_something_and_ends(
    versions: list[Program], data: st.DataObject
) -> None:
    run = Run(versions[0], *versions[1:])
    for version in [*versions[1:], versions[0]]:
        for _ in range(data.draw(st.integers(0, 8))):
            run.tell(data.draw(events(run)))
        commands = run.tell({"type": "migrate", "to": version.hash})
        moved = [c for c in commands if c["do"] == "migrated"]
        event("migrated" if moved else str([c.get("why") for c in commands]))
        if moved:
            assert all(one["step"] in version.steps for one in run.own().values())
            assert set(run.state["contexts"][""]["vars"]) == set(version.variables)
    to_the_end(run)


@settings(max_examples=60, deadline=None, suppress_health_check=_SLOW)
@given(programs(), st.data())
def test_going_over_to_the_same_steps_keeps_all_that_stands(
    program: Program, data: st.DataObject
) -> None:
    """The other version differs by its name alone: nothing is asked anew, nothing is lost."""
    twin = replace(program, hash="sha256:twin")
    run = Run(program, twin)
    for _ in range(data.draw(st.integers(0, 12))):
        run.tell(data.draw(events(run)))
    before = run.state
    commands = run.tell({"type": "migrate", "to": twin.hash})
    if any(c["do"] == "migrated" for c in commands):
        again = [c for c in commands if c["do"] == "ask" and c["kind"] != "decide"]
        assert again == []
        kept = {path: one["status"] for path, one in before["steps"].items()}
        assert {path: one["status"] for path, one in run.state["steps"].items()} == kept
        assert run.state["contexts"][""]["vars"] == before["contexts"][""]["vars"]
    to_the_end(run)

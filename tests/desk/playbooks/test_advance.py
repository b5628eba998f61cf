"""The engine, kind by kind, on the virtual clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cyberdesk.desk.playbooks.engine import advance, new_state, reasons
from cyberdesk.desk.playbooks.language.read import compile_playbook
from cyberdesk.desk.playbooks.library import check_sources
from cyberdesk.desk.playbooks.program import Program, read_program
from cyberdesk.desk.playbooks.simulate import MINUTE, Effect, Reply, Smooth, Trace, simulate
from tests.desk.playbooks.written import compiled, documented, playbook

NOW = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
HOUR = 60 * MINUTE
T = "{task: {fr: Faire, en: Do}, who: commune"


def program(steps: str, **more: Any) -> Program:
    return read_program(compiled(steps, **more).cacao)


def run(steps: str, script: Smooth | None = None, **more: Any) -> Trace:
    read = program(steps, **more)
    return simulate({read.hash: read}, read, script or Smooth())


def ended(trace: Trace) -> list[str]:
    """Return the steps that ended well or not, without starts and ends."""
    return [f"{path}:{status}" for path, status in trace.steps() if "end" not in path][1:]


class Desk:
    """A run moved by hand, one event at a time."""

    def __init__(self, steps: str, **more: Any) -> None:
        self.program = program(steps, **more)
        self.library = {self.program.hash: self.program}
        self.state = new_state(self.program)
        self.now = NOW
        self.commands: list[dict[str, Any]] = []
        self.tell("start")

    def tell(self, kind: str, **facts: Any) -> list[dict[str, Any]]:
        self.state, commands = advance(self.library, self.state, {"type": kind, **facts}, self.now)
        self.commands += commands
        return commands

    def asked(self, path: str) -> dict[str, Any]:
        return next(c for c in reversed(self.commands) if c["do"] == "ask" and c["path"] == path)

    def acting(self, path: str) -> dict[str, Any]:
        return next(c for c in reversed(self.commands) if c["do"] == "act" and c["path"] == path)

    def answer(self, path: str, answer: str = "done", **values: Any) -> list[dict[str, Any]]:
        ticket = self.asked(path)["ticket"]
        return self.tell("answer", path=path, ticket=ticket, answer=answer, values=values)

    def result(self, path: str, outcome: str = "done", **facts: Any) -> list[dict[str, Any]]:
        ticket = self.acting(path)["ticket"]
        return self.tell("result", path=path, ticket=ticket, outcome=outcome, **facts)

    def later(self, **delta: float) -> list[dict[str, Any]]:
        self.now += timedelta(**delta)
        return self.tell("tick")

    def waits(self) -> dict[str, str]:
        return {reason.path: reason.kind for reason in reasons(self.library, self.state)}


def did(commands: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [command for command in commands if command["do"] == kind]


# -- tasks


def test_the_documented_example_runs_to_its_outcome() -> None:
    read = read_program(compile_playbook(documented()).cacao)
    script = Smooth(
        facts={"case.organisation": "Valsereine"},
        answers={"capture": {"personal_data": True, "pages_changed": 3}, "look": {"clean": True}},
        happenings=((5 * HOUR, {"type": "signal", "name": "provider.report"}),),
    )
    trace = simulate({read.hash: read}, read, script)
    assert (trace.status, trace.outcome) == ("completed", "back_online")
    (told,) = trace.did("act")
    assert told["input"]["text"]["fr"].startswith("Valsereine")


def test_an_answer_writes_typed_variables_and_nothing_else() -> None:
    question = "{label: {fr: a, en: a}, type: integer, max: 9}"
    desk = Desk(f"a: {T}, ask: {{n: {question}, m: {question}}}}}")
    desk.answer("a", n="7", m="70", intruder="x")
    values = desk.state["contexts"][""]["vars"]
    assert (values["n"], values["m"]) == (7, None)
    assert "intruder" not in values


def test_a_question_that_must_be_answered_keeps_the_task_open() -> None:
    desk = Desk(f"a: {T}, ask: {{n: {{label: {{fr: a, en: a}}, type: bool, unknown: refused}}}}}}")
    assert did(desk.answer("a"), "ignored")
    assert desk.waits() == {"a": "open"}
    desk.answer("a", n=True)
    assert desk.state["status"] == "completed"


@pytest.mark.parametrize("answer", ["impossible", "unknown"])
def test_an_answer_without_a_route_is_the_responders_to_decide(answer: str) -> None:
    desk = Desk(f"a: {T}}}\nb: {T}}}")
    desk.answer("a", answer)
    assert (desk.asked("a")["kind"], desk.asked("a")["who"]) == ("review", "responder")
    desk.answer("a", "again")
    assert desk.asked("a")["kind"] == "task"
    desk.answer("a", answer)
    desk.answer("a", "go_on")
    assert desk.waits() == {"b": "open"}


def test_an_answer_with_a_route_takes_it_and_comes_back() -> None:
    trace = run(
        f"a: {T}, impossible: {{c: {T}}}}}}}\nb: {T}}}", Smooth(replies={"a": Reply("impossible")})
    )
    assert ended(trace) == ["a:done", "c:done", "b:done"]


def test_texts_are_filled_once() -> None:
    desk = Desk(
        "a: {task: {fr: a, en: a}, who: commune, why: {fr: 'Bonjour {name}', en: 'Hello {name}'}}",
        more="variables: {name: {type: string, value: '__secret__:value {secret}'},"
        " secret: {type: string, value: x}}\n",
    )
    assert desk.asked("a")["content"]["why"][0]["en"] == "Hello __secret__:value {secret}"


def test_titles_hold_facts_and_codes_but_nothing_that_was_typed() -> None:
    desk = Desk(
        "a: {task: {fr: '{n} {name} {town}', en: '{n} {name} {town}'}, who: commune}",
        more="variables: {name: {type: string, value: Nadia}, n: {type: integer, value: 3},"
        " town: {type: string, from: case.organisation, value: Valsereine}}\n",
    )
    assert desk.asked("a")["title"]["en"] == "3 … Valsereine"


def test_a_run_is_stopped_where_it_stands() -> None:
    desk = Desk(f"a: {{do: mail.send, undo: {{back: {T}}}}}}}\nb: {T}}}")
    desk.result("a")
    closed = did(desk.tell("stop", reason="case-closed"), "close")
    assert [c["path"] for c in closed] == ["b"]
    assert (desk.state["status"], desk.state["outcome"]) == ("cancelled", "case-closed")


def test_the_variant_without_it_staff_is_told() -> None:
    desk = Desk(
        f"a: {T}, no_it: {{who: mayor}}}}",
        more="variables: {it_staff: {type: bool, value: false}}\n",
    )
    assert desk.asked("a")["without_it"] is True
    assert desk.asked("a")["content"]["no_it"] == {"who": "mayor"}


def test_four_eyes_on_a_task() -> None:
    desk = Desk(f"a: {T}, approve: lead}}")
    desk.answer("a")
    assert (desk.asked("a")["kind"], desk.asked("a")["who"]) == ("confirm", "lead")
    desk.answer("a", "refuse")
    assert desk.asked("a")["kind"] == "task"
    desk.answer("a")
    desk.answer("a", "agree")
    assert desk.state["status"] == "completed"


# -- deadlines


def test_the_breach_branch_runs_beside_and_is_withdrawn_by_the_answer() -> None:
    desk = Desk(f"a: {T}, within: 30m, remind: [20m], breach: {{call: {T}}}}}}}\nb: {T}}}")
    assert did(desk.later(minutes=21), "remind")
    assert did(desk.later(minutes=10), "late")
    assert desk.waits() == {"a": "open", "a!breach/call": "open"}
    closed = did(desk.answer("a"), "close")
    assert [(c["path"], c["why"]) for c in closed] == [("a!breach/call", "withdrawn")]
    assert desk.waits() == {"b": "open"}


def test_a_breach_branch_that_ends_leaves_the_task_open_and_late() -> None:
    desk = Desk(f"a: {T}, within: 30m, breach: {{call: {T}}}}}}}")
    desk.later(minutes=31)
    desk.answer("a!breach/call")
    (reason,) = reasons(desk.library, desk.state)
    assert (reason.path, reason.late) == ("a", True)


def test_a_deadline_counts_from_an_instant_of_the_case() -> None:
    desk = Desk(
        f"a: {T}, within: 72h, since: aware}}",
        more="variables: {aware: {type: datetime, value: '2026-11-20T07:40:00Z'}}\n",
    )
    assert did(desk.commands, "late"), "72 hours have passed already"


def test_a_timeout_takes_its_route_instead() -> None:
    desk = Desk(f"a: {T}, timeout: 1h, on_timeout: {{chase: {T}}}}}}}\nb: {T}}}")
    desk.later(hours=2)
    assert desk.waits() == {"chase": "open"}
    assert did(desk.answer("a"), "ignored")


# -- actions


ACTION = "a: {do: mail.send, retry: {attempts: 3, first: 1m}%s}\nb: {wait: 1h}"


def test_an_action_is_retried_with_backoff_then_fails_over() -> None:
    desk = Desk(ACTION % f", on_failure: {{phone: {T}}}}}")
    for pause in (1, 2):
        desk.result("a", "failed", code="refused", message="connection refused")
        (reason,) = reasons(desk.library, desk.state)
        assert (reason.kind, reason.detail) == ("retrying", "connection refused")
        assert reason.until == desk.now + timedelta(minutes=pause)
        desk.later(minutes=pause)
    desk.result("a", "failed", message="connection refused")
    assert desk.waits() == {"phone": "open"}
    assert desk.state["contexts"][""]["vars"]["failure"] == "connection refused"


def test_a_permanent_failure_is_not_retried() -> None:
    desk = Desk(ACTION % f", on_failure: {{phone: {T}}}}}")
    desk.result("a", "failed", permanent=True)
    assert desk.waits() == {"phone": "open"}


def test_a_late_result_changes_nothing() -> None:
    desk = Desk(ACTION % "")
    first = desk.acting("a")
    desk.result("a", "failed")
    desk.later(minutes=1)
    before = desk.state
    desk.tell("result", path="a", ticket=first["ticket"], outcome="done")
    assert desk.state == before


def test_the_effect_keeps_its_entry_over_attempts_and_loses_it_on_redo() -> None:
    desk = Desk(ACTION % "")
    first = desk.acting("a")
    desk.result("a", "failed")
    desk.later(minutes=1)
    assert desk.acting("a")["entry"] == first["entry"]
    desk.result("a")
    desk.tell("redo", path="a")
    assert desk.acting("a")["entry"] != first["entry"]


@pytest.mark.parametrize(
    ("repeatable", "outcome", "then"),
    [
        ("idempotent", "lost", "acting"),
        ("idempotent", "unknown", "retrying"),
        ("checkable", "lost", "acting"),
        ("checkable", "unknown", "acting"),
        ("unsafe", "lost", "verify"),
        ("unsafe", "unknown", "verify"),
        (None, "lost", "verify"),
    ],
)
def test_an_unknown_outcome_is_met_by_class(
    repeatable: str | None, outcome: str, then: str
) -> None:
    desk = Desk(ACTION % "")
    desk.result("a", outcome, **{"class": repeatable})
    assert desk.waits() == {"a": then}
    assert desk.acting("a")["check"] is (repeatable == "checkable")


def test_a_person_says_whether_an_unsafe_effect_happened() -> None:
    desk = Desk(ACTION % "")
    desk.result("a", "unknown", **{"class": "unsafe"})
    desk.answer("a", "not_done")
    assert desk.waits() == {"a": "retrying"}
    desk.later(minutes=1)
    desk.result("a", "unknown", **{"class": "unsafe"})
    desk.answer("a", "done")
    assert desk.waits() == {"b": "waiting"}


def test_an_effect_lost_again_and_again_fails_in_the_end() -> None:
    desk = Desk("a: {do: mail.send}")
    for _ in range(30):
        if desk.state["steps"]["a"]["status"] == "acting":
            desk.result("a", "lost", **{"class": "idempotent"})
    assert desk.state["steps"]["a"]["failure"]["code"] == "lost"


def test_approval_comes_before_the_effect() -> None:
    desk = Desk("a: {do: mail.send, approve: lead}")
    assert not did(desk.commands, "act")
    desk.answer("a", "agree")
    assert did(desk.commands, "act")


def test_a_refused_approval_is_a_failure() -> None:
    desk = Desk(f"a: {{do: mail.send, approve: lead, on_failure: {{phone: {T}}}}}}}")
    desk.answer("a", "refuse")
    assert desk.waits() == {"phone": "open"}


def test_results_are_written_as_their_types() -> None:
    desk = Desk(
        "a: {do: intel.look, out: {n: count, ok: good, gone: missing}}\nb: {wait: 1h}",
        more="variables: {n: {type: integer}, ok: {type: bool}, gone: {type: string, value: x}}\n",
    )
    desk.result("a", "done", output={"count": "12", "good": "maybe"})
    values = desk.state["contexts"][""]["vars"]
    assert (values["n"], values["ok"], values["gone"]) == (12, None, None)


# -- conditions

ASKED = (
    "a: {task: {fr: a, en: a}, who: commune, ask: {n: {label: {fr: a, en: a}, type: integer}}}\n"
)


@pytest.mark.parametrize(("n", "expected"), [(9, "many"), (1, "few")])
def test_if_takes_one_branch_and_comes_back(n: int, expected: str) -> None:
    steps = ASKED + f"b: {{if: n > 5, then: {{many: {T}}}}}, else: {{few: {T}}}}}}}\nc: {T}}}"
    trace = run(steps, Smooth(answers={"a": {"n": n}}))
    assert ended(trace) == ["a:done", f"{expected}:done", "b:done", "c:done"]


def test_what_cannot_be_decided_is_asked_and_decides_itself_when_known() -> None:
    desk = Desk(
        f"""
        both:
          parallel:
            one: {{b: {{if: n > 5, then: {{many: {T}}}}}}}}}
            two: {{a: {T}, ask: {{n: {{label: {{fr: a, en: a}}, type: integer}}}}}}}}
        """
    )
    question = desk.asked("both/one/b")
    assert (question["kind"], question["condition"]) == ("decide", "n > 5")
    assert question["known"] == {"n": None}
    closed = did(desk.answer("both/two/a", n=7), "close")
    assert ("both/one/b", "known") in {(c["path"], c["why"]) for c in closed}
    assert desk.waits() == {"both/one/many": "open"}


def test_a_person_decides() -> None:
    desk = Desk(
        f"b: {{if: n > 5, question: {{fr: Beaucoup ?, en: Many?}}, then: {{many: {T}}}}}}}\nc: {T}}}",
        more="variables: {n: {type: integer}}\n",
    )
    assert did(desk.answer("b", "perhaps"), "ignored")
    assert desk.asked("b")["title"]["en"] == "Many?"
    desk.answer("b", "false")
    assert desk.waits() == {"c": "open"}


def test_switch_takes_the_case_the_default_or_asks() -> None:
    steps = (
        f"s: {{switch: v, cases: {{mail: {{m: {T}}}}}, vpn: {{w: {T}}}}}}}, default: {{d: {T}}}}}}}"
    )
    for value, expected in (("mail", "m"), ("usb", "d")):
        desk = Desk(steps, more=f"variables: {{v: {{type: string, value: {value}}}}}\n")
        assert desk.waits() == {expected: "open"}
    desk = Desk(steps, more="variables: {v: {type: string}}\n")
    assert desk.asked("s")["choices"] == ["mail", "vpn", "default"]
    desk.answer("s", "vpn")
    assert desk.waits() == {"w": "open"}


WHILE = (
    "w: {while: clean == false, max: 2, do: {look: {task: {fr: a, en: a}, who: commune,"
    " ask: {clean: {label: {fr: a, en: a}}}}}%s}\nz: {wait: 1h}"
)
CLEAN = "variables: {clean: {type: bool, value: false}}\n"


def test_while_goes_round_until_it_is_done() -> None:
    desk = Desk(WHILE % "", more=CLEAN)
    desk.answer("w#1/look", clean=False)
    desk.answer("w#2/look", clean=True)
    assert desk.waits() == {"z": "waiting"}


def test_while_fails_past_its_cap() -> None:
    desk = Desk(WHILE % f", on_failure: {{stop: {T}}}}}", more=CLEAN)
    desk.answer("w#1/look", clean=False)
    desk.answer("w#2/look", clean=False)
    assert desk.waits() == {"stop": "open"}


def test_rounds_that_are_over_leave_the_state() -> None:
    desk = Desk(WHILE.replace("max: 2", "max: 50") % "", more=CLEAN)
    for n in range(1, 40):
        desk.answer(f"w#{n}/look", clean=False)
    assert len(desk.state["steps"]) < 10


# -- parallel, wait, end


def test_parallel_waits_for_all() -> None:
    desk = Desk(f"p: {{parallel: {{x: {{a: {T}}}}}, y: {{b: {T}}}}}}}}}\nc: {T}}}")
    desk.answer("p/y/b")
    assert desk.waits() == {"p/x/a": "open"}
    desk.answer("p/x/a")
    assert desk.waits() == {"c": "open"}


def test_an_end_ends_everything_and_withdraws_the_rest() -> None:
    desk = Desk(
        f"p: {{parallel: {{x: {{a: {T}}}, e: {{end: false_alarm}}}}, y: {{b: {T}}}}}}}}}\nc: {T}}}"
    )
    closed = did(desk.answer("p/x/a"), "close")
    assert ("p/y/b", "withdrawn") in {(c["path"], c["why"]) for c in closed}
    assert (desk.state["status"], desk.state["outcome"]) == ("completed", "false_alarm")
    assert desk.state["steps"]["p"]["status"] == "done"


def test_waits_for_a_time_an_instant_or_a_signal() -> None:
    desk = Desk(
        "a: {wait: 2h}\nb: {wait: {until: at}}\nc: {wait: {signal: case.paid, timeout: 1d}, out: {sum: amount}}\nd: {wait: 1h}",
        more="variables: {at: {type: datetime, value: '2026-11-23T12:00:00Z'}, sum: {type: integer}}\n",
    )
    desk.later(hours=1)
    assert desk.waits() == {"a": "waiting"}
    desk.later(hours=1)
    assert desk.waits() == {"b": "waiting"}
    desk.later(hours=3)
    desk.tell("signal", name="case.other")
    assert desk.waits() == {"c": "waiting"}
    desk.tell("signal", name="case.paid", payload={"amount": 12})
    assert desk.waits() == {"d": "waiting"}
    assert desk.state["contexts"][""]["vars"]["sum"] == 12


def test_a_signal_that_came_early_counts() -> None:
    desk = Desk("a: {wait: 1h}\nb: {wait: {signal: case.paid}}\nc: {wait: 1h}")
    desk.tell("signal", name="case.paid")
    desk.later(hours=1)
    assert desk.waits() == {"c": "waiting"}


def test_a_wait_that_times_out_takes_its_route_or_fails() -> None:
    desk = Desk(f"b: {{wait: {{signal: case.paid, timeout: 1h}}, on_timeout: {{chase: {T}}}}}}}")
    desk.later(hours=1)
    assert desk.waits() == {"chase": "open"}


def test_a_delay_comes_before_the_step() -> None:
    desk = Desk(f"a: {T}, delay: 10m}}")
    assert desk.waits() == {"a": "delayed"}
    desk.later(minutes=10)
    assert desk.waits() == {"a": "open"}


# -- sub-playbooks


def _called(sub: str, **more: Any) -> tuple[dict[str, Program], Program]:
    top = playbook(
        "a: {playbook: sub, with: {n: '{n}'}, out: {n: m}}\nb: {wait: 1h}",
        more="variables: {n: {type: integer, value: 4}}\n",
    )
    head = "variables: {n: {type: integer}, m: {type: integer}}\n"
    done = check_sources({"top": top, "sub": playbook(sub, name="sub", more=head, **more)})
    programs = [read_program(c.compiled.cacao) for c in done if c.compiled]
    return {p.hash: p for p in programs}, programs[0]


def test_a_called_playbook_has_its_own_variables_and_hands_some_back() -> None:
    library, top = _called(
        f"i: {{if: n == 4, then: {{q: {T}, ask: {{m: {{label: {{fr: a, en: a}}}}}}}}}}, else: next}}"
    )
    trace = simulate(library, top, Smooth(answers={"q": {"m": 9}}))
    assert trace.status == "completed"
    assert trace.variables["n"] == 9


def test_the_outcome_of_a_called_playbook_ends_it_alone() -> None:
    library, top = _called("e: {end: false_alarm}")
    trace = simulate(library, top, Smooth())
    assert (trace.status, trace.outcome) == ("completed", "done")
    assert "b:done" in ended(trace)


def test_the_failure_of_a_called_playbook_is_the_callers() -> None:
    library, top = _called("f: {do: mail.send}", exception=False)
    trace = simulate(library, top, Smooth(effects={"f": Effect("failed")}))
    assert trace.status == "failed"
    assert ("a", "failed") in trace.steps()


def test_a_called_playbook_that_is_gone_is_a_failure() -> None:
    _, top = _called("f: {wait: 1h}")
    trace = simulate({top.hash: top}, top, Smooth())
    assert trace.status == "failed"


# -- failure


FAILING = f"p: {{parallel: {{x: {{f: {{do: mail.send}}, g: {T}}}}}, y: {{b: {T}}}}}}}}}\nc: {T}}}"


def test_a_failure_stops_its_strand_takes_the_exception_once_and_is_told() -> None:
    desk = Desk(FAILING)
    desk.result("p/x/f", "failed")
    assert desk.waits() == {"p/y/b": "open", "!exception/take_over": "open"}
    desk.answer("p/y/b")
    desk.answer("!exception/take_over")
    assert desk.state["status"] == "failed"


def test_a_dead_strand_can_be_retried_or_skipped_back_to_life() -> None:
    for how in ("retry", "skip"):
        desk = Desk(FAILING)
        desk.result("p/x/f", "failed")
        desk.answer("p/y/b")
        desk.answer("!exception/take_over")
        desk.tell(how, path="p/x/f")
        assert desk.state["status"] == "running"
        if how == "retry":
            desk.result("p/x/f")
        desk.answer("p/x/g")
        desk.answer("c")
        assert (desk.state["status"], desk.state["outcome"]) == ("completed", "done")


def test_an_owner_may_take_the_failure_of_what_it_contains() -> None:
    desk = Desk(
        f"p: {{parallel: {{x: {{f: {{do: mail.send}}}}, y: {{b: {T}}}}}}}, on_failure: {{h: {T}}}}}}}\nc: {T}}}"
    )
    closed = did(desk.result("p/x/f", "failed"), "close")
    assert ("p/y/b", "withdrawn") in {(c["path"], c["why"]) for c in closed}
    assert desk.waits() == {"h": "open"}


def test_without_exception_the_run_fails_when_the_rest_is_done() -> None:
    desk = Desk(FAILING, exception=False)
    desk.result("p/x/f", "failed")
    assert desk.waits() == {"p/y/b": "open"}
    desk.answer("p/y/b")
    assert desk.state["status"] == "failed"


# -- control


def test_pause_holds_what_comes_next_and_loses_no_answer() -> None:
    desk = Desk(f"a: {T}, within: 1h}}\nb: {T}}}")
    desk.tell("pause", by="lead")
    assert not did(desk.later(hours=2), "late")
    desk.answer("a")
    assert desk.waits() == {"": "paused"}
    desk.tell("resume")
    assert desk.waits() == {"b": "open"}


def test_cancel_undoes_what_was_done_last_first() -> None:
    desk = Desk(
        f"""
        a: {{do: mail.send, undo: {{back_a: {T}}}}}}}
        b: {{do: mail.send, undo: {{back_b: {{do: mail.send}}}}}}
        c: {T}}}
        """
    )
    desk.result("a")
    desk.result("b")
    closed = did(desk.tell("cancel"), "close")
    assert [(c["path"], c["why"]) for c in closed] == [("c", "withdrawn")]
    assert desk.waits() == {"b!undo/back_b": "acting"}
    desk.result("b!undo/back_b")
    desk.answer("a!undo/back_a")
    assert desk.state["status"] == "cancelled"


def test_cancel_waits_for_the_effect_under_way_and_undoes_it() -> None:
    desk = Desk(f"a: {{do: mail.send, undo: {{back: {T}}}}}}}\nb: {T}}}")
    desk.tell("cancel")
    assert desk.waits() == {"a": "acting"}
    desk.result("a")
    assert desk.waits() == {"a!undo/back": "open"}


def test_a_compensation_that_fails_is_put_to_a_person() -> None:
    desk = Desk("a: {do: mail.send, undo: {back: {do: mail.send}}}\nb: {wait: 1h}")
    desk.result("a")
    desk.tell("cancel")
    desk.result("a!undo/back", "failed")
    assert desk.waits() == {"a!undo/back": "review"}
    desk.answer("a!undo/back", "go_on")
    assert desk.state["status"] == "cancelled"


def test_a_compensation_may_wait_for_a_signal() -> None:
    desk = Desk("a: {do: mail.send, undo: {back: {wait: {signal: case.told}}}}\nb: {wait: 1h}")
    desk.result("a")
    desk.tell("cancel")
    desk.tell("signal", name="case.told")
    assert desk.state["status"] == "cancelled"


def test_skip_goes_on_and_says_so() -> None:
    desk = Desk(f"a: {T}}}\nb: {T}}}")
    desk.tell("skip", path="a", by="x", reason="done by phone")
    assert desk.waits() == {"b": "open"}
    assert desk.state["steps"]["a"]["status"] == "skipped"


def test_redo_comes_back_to_a_step_and_withdraws_what_followed() -> None:
    desk = Desk(f"a: {T}}}\np: {{parallel: {{x: {{b: {T}}}}}, y: {{c: {T}}}}}}}}}\nd: {T}}}")
    desk.answer("a")
    desk.answer("p/x/b")
    desk.tell("redo", path="a")
    assert desk.waits() == {"a": "open"}
    desk.answer("a")
    assert desk.waits() == {"p/x/b": "open", "p/y/c": "open"}


def test_redo_in_a_strand_that_had_ended_waits_for_it_again() -> None:
    desk = Desk(f"p: {{parallel: {{x: {{b: {T}}}}}, y: {{c: {T}}}}}}}}}\nd: {T}}}")
    desk.answer("p/x/b")
    desk.tell("redo", path="p/x/b")
    desk.answer("p/y/c")
    assert desk.waits() == {"p/x/b": "open"}
    desk.answer("p/x/b")
    assert desk.waits() == {"d": "open"}


def test_redo_of_a_way_not_taken_this_time_is_refused() -> None:
    desk = Desk(
        ASKED + f"b: {{if: n > 5, then: {{many: {T}}}, many2: {T}}}}}, else: {{few: {T}}}}}}}"
    )
    desk.answer("a", n=9)
    desk.answer("many")
    desk.tell("redo", path="a")
    desk.answer("a", n=1)
    assert did(desk.tell("redo", path="many"), "ignored")
    assert desk.waits() == {"few": "open"}


def test_skipping_a_block_makes_its_failure_moot() -> None:
    desk = Desk(FAILING)
    desk.result("p/x/f", "failed")
    desk.tell("skip", path="p")
    desk.answer("!exception/take_over")
    desk.answer("c")
    assert desk.state["status"] == "completed"


def test_a_finished_run_can_be_taken_up_again_from_a_step() -> None:
    desk = Desk(f"a: {T}}}\nb: {T}}}")
    desk.answer("a")
    desk.answer("b")
    assert desk.state["status"] == "completed"
    desk.tell("redo", path="b")
    assert (desk.state["status"], desk.waits()) == ("running", {"b": "open"})


def test_the_case_keeps_its_variables_up_to_date() -> None:
    desk = Desk(
        f"i: {{if: severity == 'high', then: {{a: {T}}}}}}}\nb: {T}}}",
        more="variables: {severity: {type: string, from: case.severity}}\n",
    )
    assert desk.waits() == {"i": "deciding"}
    desk.tell("facts", values={"case.severity": "high"})
    assert desk.waits() == {"a": "open"}


ENDLESS = (
    "a: {while: on, max: 1000, do: {b: {while: on, max: 1000, do: {c: {if: on, then: next}}}}}"
)


def test_endless_rounds_are_worked_off_in_slices_and_end_at_their_cap() -> None:
    desk = Desk(ENDLESS, more="variables: {on: {type: bool, value: true}}\n")
    assert did(desk.commands, "again")
    while did(desk.later(seconds=1), "again"):
        assert len(desk.state["steps"]) < 20
    assert desk.waits() == {"!exception/take_over": "open"}


def test_a_run_that_never_stops_moving_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cyberdesk.desk.playbooks.engine.loop._MOST_MOVES_EVER", 1_000)
    desk = Desk(ENDLESS, more="variables: {on: {type: bool, value: true}}\n")
    assert (desk.state["status"], desk.state["outcome"]) == ("failed", "runaway")

"""A run goes over to another version: what stands, what is asked anew, where it goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cyberdesk.desk.playbooks.engine import advance, new_state
from cyberdesk.desk.playbooks.engine.state import milliseconds
from cyberdesk.desk.playbooks.program import Program, read_program
from tests.desk.playbooks.written import compiled

NOW = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
D = "task: {fr: Faire, en: Do}, who: responder"


class Run:
    def __init__(self, steps: str, **more: str) -> None:
        self.library: dict[str, Program] = {}
        self.now = NOW
        self.state = new_state(self.add(steps, **more))
        self.tell(type="start")

    def add(self, steps: str, **more: str) -> Program:
        program = read_program(compiled(steps, **more).cacao)
        self.library[program.hash] = program
        return program

    def tell(self, **event: Any) -> list[dict[str, Any]]:
        self.state, commands = advance(self.library, self.state, event, self.now)
        return commands

    def done(self, path: str, **values: Any) -> list[dict[str, Any]]:
        ticket = self.state["steps"][path]["ticket"]
        return self.tell(type="answer", path=path, ticket=ticket, answer="done", values=values)

    def over_to(self, steps: str, **more: str) -> list[dict[str, Any]]:
        return self.tell(type="migrate", to=self.add(steps, **more).hash)

    def stands(self) -> dict[str, str]:
        return {p: s["status"] for p, s in self.state["steps"].items() if s["status"] != "done"}


def told(commands: list[dict[str, Any]]) -> dict[str, Any]:
    (one,) = [c for c in commands if c["do"] == "migrated"]
    return one


def did(commands: list[dict[str, Any]], kind: str) -> list[str]:
    return [c["path"] for c in commands if c["do"] == kind]


def test_what_is_the_same_stays_and_is_not_asked_again() -> None:
    run = Run(f"a: {{{D}}}\nb: {{{D}}}")
    run.done("a")
    commands = run.over_to(f"a: {{{D}}}\nb: {{{D}}}\nc: {{{D}}}")
    assert told(commands)["kept"] == ["b"]
    assert did(commands, "ask") == []
    run.done("b")
    assert run.stands() == {"c": "open"}


def test_a_task_that_is_worded_anew_is_asked_anew() -> None:
    run = Run(f"a: {{{D}}}")
    commands = run.over_to("a: {task: {fr: Refaire, en: Do again}, who: lead}")
    assert (did(commands, "close"), did(commands, "ask")) == (["a"], ["a"])
    assert run.state["steps"]["a"]["who"] == "lead"


def test_what_is_gone_is_withdrawn_and_the_run_goes_on_behind_it() -> None:
    run = Run(f"a: {{{D}}}\nb: {{{D}}}\nc: {{{D}}}")
    commands = run.over_to(f"c: {{{D}}}")
    assert told(commands)["withdrawn"] == ["a"]
    assert told(commands)["goes_on"] == [{"after": "a", "at": "c"}]
    assert run.stands() == {"c": "open"}


def test_new_steps_that_were_passed_already_are_named_and_not_done() -> None:
    run = Run(f"a: {{{D}}}\nb: {{{D}}}")
    run.done("a")
    commands = run.over_to(f"a: {{{D}}}\nmissed: {{{D}}}\nb: {{{D}}}\nnew: {{{D}}}")
    assert told(commands)["passed"] == ["missed"]
    run.tell(type="redo", path="a")
    run.done("a")
    assert "missed" in run.stands()


def test_a_new_strand_begins_beside_those_under_way() -> None:
    run = Run(f"p: {{parallel: {{x: {{a: {{{D}}}}}, y: {{b: {{{D}}}}}}}}}")
    run.done("p/x/a")
    run.over_to(f"p: {{parallel: {{x: {{a: {{{D}}}}}, y: {{b: {{{D}}}}}, z: {{c: {{{D}}}}}}}}}")
    assert run.stands() == {"p": "inside", "p/y/b": "open", "p/z/c": "open"}
    run.done("p/y/b")
    run.done("p/z/c")
    assert run.state["status"] == "completed"


def test_a_strand_that_is_gone_is_waited_for_no_more() -> None:
    run = Run(f"p: {{parallel: {{x: {{a: {{{D}}}}}, y: {{b: {{{D}}}}}, z: {{c: {{{D}}}}}}}}}")
    run.done("p/x/a")
    run.done("p/z/c")
    run.over_to(f"p: {{parallel: {{x: {{a: {{{D}}}}}, z: {{c: {{{D}}}}}}}}}\nq: {{{D}}}")
    assert run.stands() == {"q": "open"}


def test_a_deadline_is_counted_anew_from_when_the_step_began() -> None:
    late = f"b: {{{D}}}"
    run = Run(f"a: {{{D}, within: 4h, breach: {{{late}}}}}")
    run.now = NOW + timedelta(minutes=90)
    commands = run.over_to(f"a: {{{D}, within: 1h, breach: {{{late}}}}}")
    assert did(commands, "late") == ["a"]
    assert run.stands() == {"a": "open", "a!breach/b": "open"}
    assert run.state["steps"]["a"]["due"] == milliseconds(NOW + timedelta(hours=1))


def test_an_effect_under_way_is_waited_for_unless_it_stays_the_same() -> None:
    act = "a: {do: mail.send, with: {to: %s}}\n"
    run = Run(act % "x" + f"b: {{{D}}}")
    refused = run.over_to(act % "y" + f"b: {{{D}}}")
    assert [c.get("why") for c in refused if c["do"] == "ignored"] == ["an effect is under way"]
    assert told(run.over_to(act % "x" + f"b: {{{D}}}\nc: {{{D}}}"))["kept"] == ["a"]


def test_a_failed_run_can_go_over_to_what_mends_it() -> None:
    run = Run("a: {wait: {signal: case.told, timeout: 1h}}\nc: {wait: 1h}", exception=False)
    run.now = NOW + timedelta(hours=2)
    run.tell(type="tick")
    assert run.state["status"] == "failed"
    commands = run.over_to(f"b: {{{D}}}\nc: {{{D}}}", exception=False)
    assert [c["do"] for c in commands if c["do"] == "revived"] == ["revived"]
    assert run.state["status"] == "running"


def test_variables_keep_what_still_fits() -> None:
    asked = "ask: {n: {label: {fr: N, en: N}}, v: {label: {fr: V, en: V}}}"
    run = Run(
        f"a: {{{D}, {asked}}}\nb: {{{D}}}",
        more="variables: {n: {type: integer}, v: {type: string}, c: {type: integer, value: 1, constant: true}}\n",
    )
    run.done("a", n=7, v="mail")
    run.over_to(
        f"b: {{{D}}}",
        more="variables: {n: {type: string}, v: {type: choice, choices: {vpn: {fr: V, en: V}}}, "
        "c: {type: integer, value: 2, constant: true}, d: {type: bool, value: true}}\n",
    )
    held = run.state["contexts"][""]["vars"]
    assert {k: held[k] for k in "nvcd"} == {"n": "7", "v": None, "c": 2, "d": True}


def test_another_playbook_is_no_version_of_this_one() -> None:
    run = Run(f"a: {{{D}}}")
    refused = run.over_to(f"a: {{{D}}}", name="other")
    assert [c["why"] for c in refused] == ["another playbook"]

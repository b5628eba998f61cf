"""What a playbook may hold that should hurt: refused with a finding that says where, or contained."""

import json
import time

import pytest

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.connectors import catalogue as connectors
from cyberdesk.desk.playbooks.drafts import check, import_file
from cyberdesk.desk.playbooks.engine import advance, new_state
from cyberdesk.desk.playbooks.language.findings import PlaybookError
from cyberdesk.desk.playbooks.language.read import compile_playbook
from cyberdesk.desk.playbooks.library import check_sources
from cyberdesk.desk.playbooks.program import read_program
from cyberdesk.desk.playbooks.simulate import BEGIN, Smooth, simulate
from tests.desk.cases.conftest import HOUSE
from tests.desk.playbooks.test_foreign import BLOCK, END, GET, START, U, cacao
from tests.desk.playbooks.written import compiled, playbook

D = "task: {fr: Faire, en: Do}, who: responder"
QUICK = 5.0  # seconds: many times what it takes, and far from what a bomb would


def refused(source: str | bytes) -> dict[str, tuple[int, int]]:
    """Return the findings of a text that is no playbook: codes and where."""
    begun = time.monotonic()
    with pytest.raises(PlaybookError) as caught:
        compile_playbook(source)
    assert time.monotonic() - begun < QUICK
    return {f.code: (f.place.line, f.place.column) for f in caught.value.findings.errors}


def test_an_alias_bomb_is_counted_before_it_is_unfolded() -> None:
    rungs = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    rungs += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    found = refused("\n".join(rungs))
    assert set(found) <= {"too-many-nodes", "too-many-aliases"}
    assert found


@pytest.mark.parametrize("notation", ["yaml", "json"])
def test_a_hundred_thousand_steps_are_refused_at_once(notation: str) -> None:
    if notation == "yaml":
        steps = "\n".join(f"s{n}: {{wait: 1s}}" for n in range(100_000))
        assert refused(playbook(steps)).keys() <= {"too-large", "too-many-nodes"}
    else:
        made = cacao(commands=[GET], targets=["x"])
        made["workflow"] |= {f"end--{U(n)}": {"type": "end"} for n in range(1_000, 101_000)}
        assert refused(json.dumps(made)).keys() <= {"too-large", "too-many-nodes"}


def test_more_steps_than_anybody_follows_are_refused_where_they_begin() -> None:
    steps = "\n".join(f"s{n}: {{wait: 1s}}" for n in range(600))
    assert set(refused(playbook(steps))) == {"too-many-steps"}


def test_nesting_without_end_is_refused() -> None:
    assert set(refused("[" * 100_000)) <= {"too-deep", "not-yaml"}
    assert set(refused('{"a":' * 100_000 + "1")) == {"too-deep"}


def test_keys_that_come_twice_are_named_with_their_lines() -> None:
    assert refused(playbook(f"a: {{{D}}}\na: {{wait: 1s}}"))["duplicate-key"][0] > 1
    twice = compile_playbook(
        '{"type": "playbook", "spec_version": "cacao-2.0",\n "name": "a", "name": "b"}'
    )
    assert "duplicate-key" in {finding.code for finding in twice.findings}


@pytest.mark.parametrize(
    "condition",
    ["__class__.__bases__ == 1", "a.__init__ == 1", "__import__('os') == 1", "(lambda: 1)() == 1"],
)
def test_an_expression_of_another_language_is_no_condition(condition: str) -> None:
    found = refused(playbook(f'a: {{if: "{condition}", then: next}}'))
    assert any(code.startswith("condition-") for code in found)
    made = cacao(commands=[GET], targets=["x"])
    other = f"if-condition--{U(20)}"
    made["workflow"][other] = {
        "type": "if-condition",
        "condition": condition,
        "on_true": END,
        "on_completion": END,
    }
    made["workflow"][START]["on_completion"] = other
    program = read_program(made)
    _state, commands = advance(
        {program.hash: program}, new_state(program), {"type": "start"}, BEGIN
    )
    assert [c["kind"] for c in commands if c["do"] == "ask"] == ["decide"], "a person decides"


def test_a_regular_expression_that_would_never_end_is_linear() -> None:
    source = compiled(
        "a: {if: \"s matches '^(a+)+$'\", then: next}",
        more=f"variables: {{s: {{type: string, value: {'a' * 5_000}!}}}}\n",
    )
    program = read_program(source.cacao)
    begun = time.monotonic()
    assert simulate({program.hash: program}, program, Smooth()).status == "completed"
    assert time.monotonic() - begun < QUICK
    for pattern in ("(?=a)b", "(?<=a)b", "a{100000}"):
        found = refused(
            playbook(
                f"a: {{if: \"s matches '{pattern}'\", then: next}}",
                more="variables: {s: {type: string}}\n",
            )
        )
        assert set(found) == {"condition-bad-pattern"}, pattern


def test_what_a_value_holds_is_never_read_as_a_variable() -> None:
    program = read_program(
        compiled(
            "a: {do: webhook.post, with: {event: a:b, data: {text: 'x {a}', more: '{b}'}}}",
            more='variables: {a: {type: string, value: "__b__:value {b}"}, b: {type: string, value: secret}}\n',
        ).cacao
    )
    trace = simulate({program.hash: program}, program, Smooth())
    [act] = trace.did("act")
    assert act["input"]["data"] == {"text": "x __b__:value {b}", "more": "secret"}


def test_a_loop_without_a_bound_ends_with_a_failure_that_says_so() -> None:
    assert "missing-key" in refused(playbook(f"a: {{while: b == true, do: {{c: {{{D}}}}}}}"))
    made = cacao(commands=[GET], targets=["x"])
    loop = f"while-condition--{U(21)}"
    made["playbook_variables"]["__on__"] = {"type": "bool", "value": "true"}
    made["workflow"][loop] = {
        "type": "while-condition",
        "condition": "__on__:value = true",
        "on_true": f"end--{U(22)}",
        "on_completion": END,
    }
    made["workflow"][f"end--{U(22)}"] = {"type": "end"}
    made["workflow"][START]["on_completion"] = loop
    program = read_program(made)
    trace = simulate({program.hash: program}, program, Smooth())
    assert trace.status == "failed"
    assert trace.state["steps"][loop]["failure"]["code"] == "too-many-rounds"


def test_playbooks_that_call_each_other_in_a_circle_are_refused() -> None:
    def calling(name: int, other: int) -> str:
        made = cacao(commands=[GET], targets=["x"])
        call = f"playbook-action--{U(30)}"
        made["id"] = f"playbook--{U(name)}"
        made["workflow"][call] = {
            "type": "playbook-action",
            "playbook_id": f"playbook--{U(other)}",
            "on_completion": END,
        }
        made["workflow"][START]["on_completion"] = call
        return json.dumps(made)

    found = check_sources({"a.json": calling(41, 42), "b.json": calling(42, 41)})
    assert "playbook-loop" in {f.code for one in found for f in one.findings}
    assert not any(one.good for one in found)


def test_an_action_whose_connector_is_gone_is_refused_and_fails_alone_where_it_runs(
    bench, deeds, monkeypatch
) -> None:
    gone = playbook("a: {do: gone.act}")
    assert {f.code for f in check(gone).findings} == {"unknown-action"}
    run_id = bench.start(f"p: {{parallel: {{x: {{a: {{do: deed.fold}}}}, y: {{b: {{{D}}}}}}}}}")
    without = [folder for folder in connectors._folders() if folder.name != "deed"]
    monkeypatch.setattr(connectors, "_folders", lambda: iter(without))
    connectors.catalogue.cache_clear()
    bench.wake(run_id)
    assert bench.state(run_id)["steps"]["p/x/a"]["failure"]["code"] == "unset"
    assert bench.waits(run_id) == {"p/y/b": "open", "!exception/take_over": "open"}


def test_a_file_of_nothing_but_faults_leaves_nothing_behind(bench) -> None:
    made = cacao(commands=[GET], targets=["x"])
    made["workflow"][BLOCK]["commands"] = "rm -rf /"
    made["workflow_start"] = {"$ref": "#"}
    with atomic(SYSTEM):
        draft = import_file(HOUSE, content=json.dumps(made).encode())
        assert draft.faults > 0
    assert {f.code for f in check(json.dumps(made)).findings} & {"cacao-kind", "not-cacao"}

"""Plays find every way that a playbook has, and say which ones nobody can take."""

from cyberdesk.desk.playbooks.language.read import compile_playbook
from cyberdesk.desk.playbooks.program import Program, read_program
from cyberdesk.desk.playbooks.rehearsal import explore, ways_of
from tests.desk.playbooks.written import compiled, documented, playbook

D = "task: {fr: Faire, en: Do}, who: responder"


def program(steps: str, **more: str) -> Program:
    return read_program(compiled(steps, **more).cacao)


def missing(one: Program, tries: int = 400) -> list[tuple[str, str]]:
    coverage = explore({one.hash: one}, one, tries=tries)
    return [(one.steps[way.start].key, way.how) for way in coverage.missing]


def test_the_worked_example_is_played_through_all_its_ways() -> None:
    one = read_program(compile_playbook(documented()).cacao)
    coverage = explore({one.hash: one}, one)
    assert coverage.missing == []
    assert coverage.unfinished == []
    assert coverage.share == 1.0
    assert {"back_online", "cancelled"} <= set(coverage.ends)


def test_a_way_that_no_answer_leads_to_is_named() -> None:
    one = program(
        f"a: {{{D}, ask: {{n: {{label: {{fr: N, en: N}}, type: integer}}}}}}\n"
        f"b: {{if: n > 5 and n < 3, then: {{c: {{{D}}}}}, unknown: next}}"
    )
    assert missing(one) == [("b", "true"), ("c", "next")]


def test_a_loop_is_played_to_its_last_round() -> None:
    one = program(
        f"a: {{while: ok == false, max: 12, do: {{b: {{{D}, ask: {{ok: {{label: {{fr: Ok, en: Ok}}, "
        f"type: bool, unknown: refused}}}}}}}}, on_failure: {{c: {{{D}}}}}}}",
        more="variables: {ok: {type: bool, value: false}}\n",
    )
    assert missing(one, tries=1_000) == []


def test_a_condition_on_five_answers_is_aimed_at() -> None:
    names = "abcde"
    asked = ", ".join(f"{n}: {{label: {{fr: N, en: N}}, type: integer}}" for n in names)
    condition = " and ".join(f"{n} == {10 * i + 7}" for i, n in enumerate(names))
    one = program(f"q: {{{D}, ask: {{{asked}}}}}\nw: {{if: {condition}, then: {{c: {{{D}}}}}}}")
    assert missing(one) == []


def test_late_answers_failures_signals_and_compensations_are_played() -> None:
    one = program(
        f"a: {{{D}, within: 1h, breach: {{late: {{{D}}}}}, undo: {{back: {{{D}}}}}, "
        f"impossible: {{other: {{{D}}}}}}}\n"
        f"b: {{do: mail.send, with: {{to: x}}, on_failure: {{phone: {{{D}}}}}}}\n"
        f"c: {{wait: {{signal: provider.report, timeout: 2d}}, on_timeout: {{chase: {{{D}}}}}}}\n"
        f"d: {{{D}, timeout: 3d}}"
    )
    found = {way.how for way in ways_of({one.hash: one}, one)}
    assert {"breach", "undo", "impossible", "failure", "timeout", "next"} <= found
    assert missing(one) == []


def test_what_a_caller_gives_is_guessed_as_well() -> None:
    one = program(
        f"a: {{if: given == true, then: {{b: {{{D}}}}}, unknown: {{c: {{{D}}}}}}}",
        more="variables: {given: {type: bool}}\n",
    )
    assert missing(one) == []


def test_an_exception_that_no_failure_comes_to_is_no_way() -> None:
    calm = program(f"a: {{{D}}}")
    assert [way.how for way in ways_of({}, calm)] == ["next", "next"]
    failing = program(f"a: {{{D}, timeout: 1h}}")
    assert len(ways_of({}, failing)) == 3


def test_the_same_seed_plays_the_same() -> None:
    one = read_program(compile_playbook(playbook(f"a: {{{D}, impossible: {{b: {{{D}}}}}}}")).cacao)
    first, second = (explore({one.hash: one}, one, seed=4) for _ in range(2))
    assert first.plays == second.plays
    assert [p.choices for p in first.taken.values()] == [p.choices for p in second.taken.values()]

"""What a playbook must be told when it begins: asked of whoever starts it by hand."""

import json

import pytest

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import InvalidError
from cyberdesk.desk.playbooks import drafts, service, shelf, versions
from cyberdesk.desk.playbooks.asking import questions_of
from cyberdesk.desk.playbooks.language.findings import PlaybookError
from cyberdesk.desk.playbooks.language.read import compile_playbook
from cyberdesk.desk.playbooks.program import read_program
from cyberdesk.desk.playbooks.rehearsal import explore
from cyberdesk.desk.playbooks.rehearsal.scripted import read_script
from cyberdesk.desk.playbooks.simulate import simulate
from tests.desk.cases.conftest import HOUSE
from tests.desk.playbooks.conftest import words
from tests.desk.playbooks.test_foreign import ANALYST, BLOCK, cacao
from tests.desk.playbooks.written import playbook

ASKS = """\
variables:
  service: {type: string, ask: {fr: "Quel service ?", en: "Which service?"}}
  hosts: {type: integer, ask: {fr: "Combien de postes ?", en: "How many hosts?"}}
  urgent: {type: bool, value: false, ask: {fr: "Est-ce urgent ?", en: "Is it urgent?"}}
  how:
    type: choice
    ask: {fr: "Comment ?", en: "How?"}
    choices:
      quick: {fr: "Vite", en: "Quickly"}
      well: {fr: "Bien", en: "Well"}
"""
STEPS = """\
a: {task: {fr: "Vérifier {service}", en: "Check {service}"}, who: responder}
i:
  if: urgent = true
  then: {b: {task: {fr: Vite, en: Fast}, who: lead}}
"""


def foreign(**variables) -> dict:
    """A playbook of elsewhere with one manual step."""
    by_hand = {"type": "manual", "command": "Block __ip__:value"}
    made = cacao(commands=[by_hand], targets=[], agent=ANALYST)
    del made["workflow"][BLOCK]["targets"]
    return made | {"playbook_variables": {f"__{name}__": one for name, one in variables.items()}}


def compiled():
    return compile_playbook(playbook(STEPS, name="trial", more=ASKS))


def started(bench, **given) -> dict:
    with atomic(SYSTEM):
        versions.publish(HOUSE, source=playbook(STEPS, name="trial", more=ASKS))
        run = service.start_run(HOUSE, bench.case(), playbook="trial", given=given)
        return run.state["contexts"][""]["vars"]


def test_it_is_an_external_variable_to_others_and_a_question_to_us() -> None:
    made = compiled().cacao
    assert made["playbook_variables"]["__service__"]["external"] is True
    asked = questions_of(read_program(made))
    assert list(asked) == ["service", "hosts", "urgent", "how"]
    assert asked["service"]["label"] == {"fr": "Quel service ?", "en": "Which service?"}
    assert (asked["urgent"]["value"], asked["hosts"]["value"]) == ("false", None)


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("{type: string, from: case.organisation, ask: {fr: A, en: A}}", "not-askable"),
        ("{type: string, constant: true, value: x, ask: {fr: A, en: A}}", "not-askable"),
        ("{type: dictionary, ask: {fr: A, en: A}}", "not-askable"),
        ("{type: choice, ask: {fr: A, en: A}}", "choices-missing"),
    ],
)
def test_what_cannot_be_asked_is_said_with_its_line(declared, code) -> None:
    source = playbook(STEPS, more=ASKS.replace("variables:\n", f"variables:\n  x: {declared}\n"))
    with pytest.raises(PlaybookError) as caught:
        compile_playbook(source)
    (finding,) = caught.value.findings.errors
    line = source.splitlines()[finding.place.line - 1]
    assert (finding.code, line.strip().split(":")[0]) == (code, "x")


def test_the_external_variables_of_a_playbook_from_elsewhere_are_asked_by_their_description() -> (
    None
):
    made = foreign(
        ip={"type": "ipv4-addr", "description": "The address to block", "external": True},
        bare={"type": "string", "external": True},
        fixed={"type": "string", "external": True, "constant": True, "value": "x"},
        map={"type": "dictionary", "external": True},
        inner={"type": "string"},
    )
    asked = questions_of(read_program(made))
    assert {name: one["label"]["en"] for name, one in asked.items()} == {
        "ip": "The address to block",
        "bare": "bare",
    }


def test_answers_are_values_of_the_run_and_what_is_left_out_keeps_its_default(bench) -> None:
    held = started(bench, service="Paie", hosts="12")
    assert (held["service"], held["hosts"], held["urgent"], held["how"]) == (
        "Paie",
        12,
        False,
        None,
    )


def test_not_known_is_an_answer_even_where_there_is_a_default(bench) -> None:
    assert started(bench, urgent="?")["urgent"] is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"hosts": "beaucoup"}, "hosts"),
        ({"how": "badly"}, "how"),
        ({"urgent": "perhaps"}, "urgent"),
        ({"organisation": "Ailleurs"}, "organisation"),
        ({"case_id": "x"}, "case_id"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_nothing_begins(bench, given, field) -> None:
    with pytest.raises(InvalidError) as caught:
        started(bench, **given)
    assert list(caught.value.fields) == [field]
    with atomic(SYSTEM):
        assert service.runs_of(bench.case()) == []


def test_an_address_that_is_none_is_refused(bench) -> None:
    made = foreign(ip={"type": "ipv4-addr", "external": True})
    with atomic(SYSTEM):
        draft = drafts.import_file(HOUSE, content=json.dumps(made).encode())
        name = drafts.publish_draft(HOUSE, draft).name
        with pytest.raises(InvalidError) as caught:
            service.start_run(HOUSE, bench.case(), playbook=name, given={"ip": "300.1.1.1"})
        assert list(caught.value.fields) == ["ip"]
        run = service.start_run(HOUSE, bench.case(), playbook=name, given={"ip": "192.0.2.7"})
        assert run.state["contexts"][""]["vars"]["ip"] == "192.0.2.7"


def test_a_rehearsal_tries_the_answers_of_whoever_starts_it() -> None:
    made = compiled()
    program = read_program(made.cacao)
    shelf_of_one = {program.hash: program}
    found = explore(shelf_of_one, program)
    assert not found.missing, "both sides of what the default would decide are reached"


def test_the_page_asks_before_it_begins_and_keeps_what_was_typed(bench, browser) -> None:
    with atomic(SYSTEM):
        versions.publish(HOUSE, source=playbook(STEPS, name="trial", more=ASKS))
        address = f"/desk/cases/{bench.case().reference}/procedure/start"
    lead = browser()
    chosen = {"playbook": "trial", "reason": "Un service est arrêté."}
    second = lead.submit(address, chosen)
    said = second.get_data(as_text=True)
    assert second.status_code == 200
    assert "Which service?" in said
    assert "Un service est arrêté." in said
    with atomic(SYSTEM):
        assert service.runs_of(bench.case()) == [], "nothing begins before it is told"

    answers = {"asked": "trial", "q_service": "Paie", "q_hosts": "douze", "q_urgent": "true"}
    refused = lead.submit(address, chosen | answers)
    assert refused.status_code == 422
    assert "Paie" in refused.get_data(as_text=True)
    begun = lead.submit(address, chosen | answers | {"q_hosts": "12", "q_how": "?"})
    assert begun.status_code == 302
    with atomic(SYSTEM):
        (run,) = service.runs_of(bench.case())
        held = run.state["contexts"][""]["vars"]
    assert (held["service"], held["hosts"], held["urgent"], held["how"]) == ("Paie", 12, True, None)


def test_the_library_shows_the_question_where_the_answer_will_stand(bench, browser) -> None:
    with atomic(SYSTEM):
        versions.publish(HOUSE, source=playbook(STEPS, name="trial", more=ASKS))
    assert "Check [Which service?]" in words(browser().get("/desk/procedures/trial"))


def test_questions_and_choices_keep_the_order_in_which_their_author_wrote_them(bench) -> None:
    asks = ", ".join(
        f"{name}: {{label: {{fr: {name}, en: {name}}}, type: choice, choices: "
        "{zebra: {fr: Z, en: Z}, a: {fr: A, en: A}, mule: {fr: M, en: M}}}"
        for name in ("second_thing", "first", "zz")
    )
    steps = f"a: {{task: {{fr: Dire, en: Tell}}, who: commune, ask: {{{asks}}}}}"
    bench.start(steps)
    shelf._program.cache_clear()
    with atomic(SYSTEM):
        run = service.start_run(HOUSE, bench.case(), playbook="trial")
    questions = bench.task("a").content["questions"]
    assert run.status == "running"
    assert list(questions) == ["second_thing", "first", "zz"]
    assert list(questions["zz"]["choices"]) == ["zebra", "a", "mule"]


def test_an_author_says_in_a_rehearsal_what_is_told_to_it() -> None:
    program = read_program(compiled().cacao)
    script = read_script("given: {service: Paie, hosts: 3, urgent: true}", program)
    assert script.variables == {"service": "Paie", "hosts": 3, "urgent": True}
    trace = simulate({program.hash: program}, program, script)
    assert ("i/b", "done") in trace.steps() or ("b", "done") in trace.steps()
    for wrong in ("given: Paie", "given: {hosts: beaucoup}", "given: {else: x}"):
        with pytest.raises(InvalidError) as caught:
            read_script(wrong, program)
        assert "service, hosts, urgent, how" in str(caught.value.fields["script"][0])

"""The compiled form is valid CACAO 2.0: our own checks, and OASIS's schemas where they are."""

import re
from typing import Any

import pytest

from cyberdesk.desk.playbooks.gate import gate
from cyberdesk.desk.playbooks.language.cacao import EXTENSION
from cyberdesk.desk.playbooks.language.read import compile_playbook
from cyberdesk.desk.playbooks.program import read_program
from tests.desk.playbooks.cacao_samples import files, needs_samples, schemas
from tests.desk.playbooks.written import compiled, documented, playbook

UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def _example() -> dict[str, Any]:
    return compile_playbook(documented()).cacao


def test_ids_have_the_form_that_cacao_asks_for() -> None:
    cacao = _example()
    for identifier, step in cacao["workflow"].items():
        assert re.fullmatch(f"{step['type']}--{UUID4}", identifier)
    uuids = [i.split("--")[1] for part in ("workflow", "agent_definitions") for i in cacao[part]]
    assert len(uuids) == len(set(uuids))


def test_successors_are_one_form_or_the_other() -> None:
    for step in _example()["workflow"].values():
        assert not ("on_completion" in step and {"on_success", "on_failure"} & step.keys())
        if step["type"] == "end":
            assert not {"on_completion", "on_success", "on_failure"} & step.keys()


def test_each_activity_is_told_once_and_stands_in_a_command() -> None:
    cacao = _example()
    used = {
        c["playbook_activity"] for s in cacao["workflow"].values() for c in s.get("commands", [])
    }
    assert set(cacao["playbook_activities"]) == used


def test_everything_referred_to_is_defined() -> None:
    cacao = _example()
    for step in cacao["workflow"].values():
        if "agent" in step:
            assert step["agent"] in cacao["agent_definitions"]
        assert set(step.get("step_extensions", {})) <= {EXTENSION}
        for name in (*step.get("in_args", []), *step.get("out_args", [])):
            assert name in cacao["playbook_variables"]
    assert set(cacao["markings"]) == set(cacao["data_marking_definitions"])
    assert EXTENSION in cacao["extension_definitions"]


def test_values_of_variables_are_strings() -> None:
    made = compiled(
        "a: {wait: 1s}",
        more="variables: {n: {type: integer, value: 5}, ok: {type: bool, value: false}}\n",
    )
    held = made.cacao["playbook_variables"]
    assert (held["__n__"]["value"], held["__ok__"]["value"]) == ("5", "false")


@needs_samples
@pytest.mark.parametrize("name", ["documented", "parts"])
def test_the_oasis_schemas_accept_what_we_compile(name: str) -> None:
    cacao = _example() if name == "documented" else compile_playbook(_PARTS).cacao
    assert [error.message for error in schemas().iter_errors(cacao)] == []


@needs_samples
def test_public_examples_are_read_and_gated_without_a_crash() -> None:
    for path in files():
        read = compile_playbook(path.read_bytes())
        assert "not-cacao" not in {f.code for f in gate(read)}, path.name
        program = read_program(read.cacao)
        assert program.start in program.steps


_PARTS = playbook(
    """
    ask:
      task: {fr: Dire, en: Tell}
      who: mayor
      delay: 5m
      timeout: 2d
      on_timeout: next
      undo: {take_back: {task: {fr: Reprendre, en: Take back}, who: mayor}}
      ask: {vector: {label: {fr: Par où, en: How}, type: choice, choices: {mail: {fr: Mail, en: Mail}}}}
    by_vector: {switch: vector, cases: {mail: {a: {wait: 1h}}}, default: next, unknown: {b: {wait: 1h}}}
    until: {wait: {until: at}, then: fin}
    skipped: {if: ok is unknown, then: fin, else: next}
    fin: {end: false_alarm}
    """,
    more="""
    variables: {at: {type: datetime}, ok: {type: bool}}
    """,
)

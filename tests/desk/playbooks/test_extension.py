"""The published schema of our CACAO extension says all that we write into it, and nothing else."""

import copy
import json

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from cyberdesk.desk.playbooks.language.cacao import DEFINITION, EXTENSION
from cyberdesk.desk.playbooks.language.compiled import Pin
from cyberdesk.desk.playbooks.language.read import compile_playbook
from tests.desk.playbooks.random_playbooks import sources
from tests.desk.playbooks.written import ROOT, documented

PUBLISHED = json.loads((ROOT / "playbooks/cacao-extension.schema.json").read_text())
PLACES = {
    "playbook_extensions": "playbook",
    "step_extensions": "step",
    "agent_target_extensions": "agent",
}
SHIPPED = sorted((ROOT / "playbooks").rglob("*.yaml"))


def pinned(_name: str, _modified: str | None = None) -> Pin:
    """Any version will do: the extension does not hold it."""
    return Pin("sha256:" + "0" * 64, "2026-11-22T00:00:00.000Z")


@pytest.fixture(scope="module")
def validators():
    Draft202012Validator.check_schema(PUBLISHED)
    return {
        place: Draft202012Validator({**PUBLISHED, "anyOf": [{"$ref": f"#/$defs/{part}"}]})
        for place, part in PLACES.items()
    }


def extensions(thing, place=""):
    """Yield where our extension stands in a playbook, and what it holds there."""
    if isinstance(thing, list):
        for one in thing:
            yield from extensions(one, place)
    elif isinstance(thing, dict):
        for key, below in thing.items():
            if key == EXTENSION and place in PLACES:
                yield place, below
            else:
                yield from extensions(below, key)


def faults(validators, cacao) -> list[str]:
    found = list(extensions(cacao))
    assert {place for place, _held in found} >= {"playbook_extensions", "step_extensions"}
    return [
        f"{place}: {error.message}"
        for place, held in found
        for error in validators[place].iter_errors(held)
    ]


def test_it_has_the_name_that_playbooks_give_it() -> None:
    assert PUBLISHED["$id"] == DEFINITION["schema"]
    assert EXTENSION in PUBLISHED["description"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_shipped_fits(validators, path) -> None:
    assert faults(validators, compile_playbook(path.read_text(), pinned).cacao) == []


def test_the_documented_playbook_fits(validators) -> None:
    assert faults(validators, compile_playbook(documented(), pinned).cacao) == []


@settings(max_examples=60)
@given(sources())
def test_any_playbook_fits(validators, source) -> None:
    assert faults(validators, compile_playbook(source, pinned).cacao) == []


def test_what_nobody_knows_does_not_fit(validators) -> None:
    cacao = compile_playbook(documented(), pinned).cacao
    for place, held in extensions(cacao):
        changed = copy.deepcopy(held) | {"surprise": 1}
        assert list(validators[place].iter_errors(changed)), place

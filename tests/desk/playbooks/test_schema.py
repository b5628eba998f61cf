"""The schema that editors complete from agrees with what the compiler takes."""

import copy
import json

import pytest
from jsonschema import Draft202012Validator

from cyberdesk.core.text import speaking
from cyberdesk.desk.playbooks.language.findings import Findings
from cyberdesk.desk.playbooks.language.nodes import plain, read_nodes
from cyberdesk.desk.playbooks.language.schema import schema
from cyberdesk.desk.playbooks.starter import starter
from tests.desk.playbooks.written import ROOT, documented

SHIPPED = sorted((ROOT / "playbooks").rglob("*.yaml"))


@pytest.fixture(scope="module")
def validator():
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


def read(text: str) -> dict:
    return plain(read_nodes(text, Findings()))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_playbook_of_the_house_fits(validator, path) -> None:
    assert [error.message for error in validator.iter_errors(read(path.read_text()))] == []


def test_what_authors_begin_with_and_read_fits(validator) -> None:
    for text in (starter("ours"), documented()):
        assert [error.message for error in validator.iter_errors(read(text))] == []


def test_keys_that_nobody_knows_do_not_fit(validator) -> None:
    whole = read(starter("ours"))
    places = {
        "head": lambda text: text.update(stepz={}),
        "step": lambda text: text["steps"]["first"].update(whom="lead"),
        "language": lambda text: text["title"].update(de="x"),
        "source": lambda text: text["sources"][0].update(author="x"),
        "exception": lambda text: text["exception"]["take_over"].update(doo="x"),
    }
    for where, spoil in places.items():
        spoiled = copy.deepcopy(whole)
        spoil(spoiled)
        assert not validator.is_valid(spoiled), where


def test_a_step_that_is_of_no_kind_or_of_another_does_not_fit(validator) -> None:
    for step in ({}, {"who": "lead"}, {"do": "mail.send", "ask": {}}, {"while": "a > 1"}, 7):
        whole = read(starter("ours"))
        whole["steps"]["second"] = step
        assert not validator.is_valid(whole), step


def test_the_file_for_editors_outside_is_the_schema_of_this_code() -> None:
    with speaking("en"):
        assert json.loads((ROOT / "playbooks/playbook.schema.json").read_text()) == schema(), (
            "python -m cyberdesk.desk.playbooks.language.schema > playbooks/playbook.schema.json"
        )

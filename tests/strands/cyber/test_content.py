"""Strict loading of the data files, and promises that hold for all of them."""

import re
from datetime import date
from importlib import resources
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from cyberdesk.strands.cyber.content import Certainty, Sourced, Text, load_sources, parse, read

FILES = sorted(
    file.name
    for file in (resources.files("cyberdesk.strands.cyber") / "data").iterdir()
    if file.name.endswith(".yaml")
)
CHECKED_ON = date(2026, 11, 22)


def walk(node: Any, path: str = "") -> Any:
    yield path, node
    children = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, child in children:
        yield from walk(child, f"{path}/{key}")


def test_yes_and_no_are_words() -> None:
    assert parse("{yes: no, on: off, a: true}") == {"yes": "no", "on": "off", "a": True}


@pytest.mark.parametrize("text", ["{a: 1, a: 2}", "a: 1\nb: {c: 1, c: 2}"])
def test_a_key_given_twice_is_refused(text: str) -> None:
    with pytest.raises(yaml.YAMLError, match="twice"):
        parse(text)


def test_python_objects_are_refused() -> None:
    with pytest.raises(yaml.YAMLError):
        parse("!!python/object/apply:os.system [id]")


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(ValidationError, match="de"):
        Text.model_validate({"fr": "oui", "en": "yes", "de": "ja"})


@pytest.mark.parametrize(("language", "word"), [("fr", "oui"), ("en-GB", "yes"), ("oc", "oui")])
def test_a_language_that_we_do_not_have_reads_french(language: str, word: str) -> None:
    assert Text(fr="oui", en="yes").say(language) == word


def test_sources_of_a_fact() -> None:
    fact = Sourced(source=("gdpr",), certainty=Certainty.SOURCED, verified_on=CHECKED_ON)
    assert fact.is_certain
    assert fact.sources == (load_sources()["gdpr"],)


@pytest.mark.parametrize("name", FILES)
def test_every_text_is_in_both_languages_and_honest_about_its_typography(name: str) -> None:
    for path, node in walk(read(name)):
        if isinstance(node, dict) and ({"fr", "en"} & set(node)):
            assert set(node) == {"fr", "en"}, f"{name}{path}: fr and en, nothing else"
            assert "'" not in node["fr"], f"{name}{path}: write ’ in French"
            assert not re.search(r"\S[!?;](\s|$)", node["fr"]) or "http" in node["fr"], (
                f"{name}{path}: French puts a space before ? ! ;"
            )
            assert "TODO" not in node["fr"] + node["en"]


@pytest.mark.parametrize("name", FILES)
def test_every_fact_says_how_sure_it_is_and_when_it_was_checked(name: str) -> None:
    for path, node in walk(read(name)):
        if isinstance(node, dict) and "source" in node:
            assert node["certainty"] in set(Certainty), f"{name}{path}"
            assert node["verified_on"] == CHECKED_ON, f"{name}{path}"
            assert set(node["source"]) <= set(load_sources()), f"{name}{path}"


def test_every_source_is_used() -> None:
    used = {
        source
        for name in FILES
        for _, node in walk(read(name))
        if isinstance(node, dict)
        for source in node.get("source", [])
    }
    assert set(load_sources()) == used

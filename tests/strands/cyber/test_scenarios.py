"""Severity, kind and playbook of situations as they are told on the telephone (scenarios.yaml)."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cyberdesk.strands.cyber.classification import classify
from cyberdesk.strands.cyber.content import parse
from cyberdesk.strands.cyber.questionnaire import load_questionnaire, relevant
from cyberdesk.strands.cyber.severity import assess, load_scale
from cyberdesk.strands.cyber.taxonomy import load_attack_types

Q = load_questionnaire()
SCENARIOS = parse(Path(__file__).with_name("scenarios.yaml").read_text(encoding="utf-8"))
QUIET = {
    "services": ["none"],
    "data": ["none"],
    "people_at_risk": "no",
    "election_near": "no",
    "servers": "no",
}


def answers_of(told: dict[str, Any]) -> dict[str, Any]:
    given = (QUIET if told.get("quiet") else {}) | told["answers"]
    return dict(relevant(Q, given))


@pytest.mark.parametrize("told", SCENARIOS, ids=lambda told: told["name"])
def test_a_lead_would_say_the_same(told: dict[str, Any]) -> None:
    answers, expected = answers_of(told), told["expect"]
    found, kinds = assess(answers), classify(answers)
    assert found.level.name == expected["level"], f"{told['said']} {found.score}: {found.why.fr}"
    assert kinds[0].type == expected["type"], kinds
    assert load_attack_types()[kinds[0].type].playbook == expected["playbook"]
    if "also" in expected:
        assert expected["also"] in {kind.type for kind in kinds}


@pytest.mark.parametrize("told", SCENARIOS, ids=lambda told: told["name"])
def test_it_is_told_with_answers_that_the_questionnaire_asks(told: dict[str, Any]) -> None:
    """Nothing is invented: each answer is offered, on a screen that these answers make visible."""
    assert set(told["answers"]) <= set(answers_of(told)), "asked on a screen that is not shown"
    for name, value in told["answers"].items():
        chosen = value if isinstance(value, list) else [value]
        assert set(chosen) <= set(Q.questions[name].choices), name
        assert isinstance(value, list) is (Q.questions[name].kind == "multi"), name


def test_every_kind_and_every_level_is_told() -> None:
    kinds = Counter(told["expect"]["type"] for told in SCENARIOS)
    assert set(kinds) == set(load_attack_types())
    levels = Counter(told["expect"]["level"] for told in SCENARIOS)
    assert set(levels) == {level.name for level in load_scale().levels}
    assert len(SCENARIOS) >= 40


def test_few_are_critical_so_that_the_word_keeps_its_weight() -> None:
    """One incident in seven was of high criticality (CERTFR-2025-CTI-002, communes in 2024)."""
    critical = [told for told in SCENARIOS if told["expect"]["level"] == "critical"]
    assert len(critical) / len(SCENARIOS) <= 0.15

"""Two versions of a playbook compared: what an author changed is told, what follows from it not."""

import json
import random
from typing import Any

from cyberdesk.core.text import speaking
from cyberdesk.desk.playbooks.comparing import Comparison, compare
from cyberdesk.desk.playbooks.shown.differences import lines
from tests.desk.playbooks.cacao_samples import needs_samples, samples
from tests.desk.playbooks.written import compiled

FIRST = "first: {task: {fr: Un, en: One}, who: commune, within: 1h, breach: call}\n"
SECOND = "second: {task: {fr: Deux, en: Two}, who: lead, how: [{fr: A, en: A}, {fr: B, en: B}]}\n"
BRANCH = "branches:\n  call:\n    phone: {task: {fr: Appeler, en: Call}, who: lead}\n"


def between(old: str, new: str) -> Comparison:
    return compare(compiled(old, more=BRANCH).cacao, compiled(new, more=BRANCH).cacao)


def told(comparison: Comparison, tongue: str = "en") -> list[str]:
    with speaking(tongue):
        return list(lines(comparison))


def test_the_same_differs_in_nothing_whatever_the_order_of_its_keys() -> None:
    cacao = compiled(FIRST + SECOND, more=BRANCH).cacao
    assert compare(cacao, _shuffled(cacao)).same
    assert told(compare(cacao, cacao)) == ["The two are the same."]


def test_a_changed_text_a_line_that_came_and_a_time_are_told_once_each() -> None:
    new = FIRST.replace("1h", "90m") + SECOND.replace("Two", "2").replace(
        "[{", "[{fr: Z, en: Z}, {"
    )
    found = between(FIRST + SECOND, new)
    assert told(found) == [
        "Changed step: One [first]",
        "  Deadline: 1\u202fh → 1\u202fh\u202f30",
        "Changed step: 2 [second]",
        "  Title (en): “Two” → “2”",
        "  How, 1: new: “Z”",
    ]


def test_variables_are_told_as_they_are_written() -> None:
    title = "{fr: 'Appeler {town}', en: 'Call {town}'}"
    old = f"a: {{task: {title}, who: lead, how: [{{fr: A, en: A}}]}}\n"
    new = old.replace("{fr: A, en: A}", "{fr: 'À {town}', en: 'To {town}'}")
    more = "variables: {town: {type: string, from: case.organisation}}\n"
    found = compare(compiled(old, more=more).cacao, compiled(new, more=more).cacao)
    assert told(found) == [
        "Changed step: Call {town} [a]",
        "  How, 1 (fr): “A” → “À {town}”",
        "  How, 1 (en): “A” → “To {town}”",
    ]


def test_a_step_between_two_others_is_all_that_is_told() -> None:
    more = "between: {task: {fr: Entre, en: Between}, who: lead}\n"
    came, went = (
        between(FIRST + SECOND, FIRST + more + SECOND),
        between(FIRST + more + SECOND, FIRST + SECOND),
    )
    assert told(came) == ["New step: Between [between]"]
    assert told(went) == ["Step no longer there: Between [between]"]
    assert [(step.how, step.key) for step in went.steps] == [("gone", "between")]


def test_steps_in_another_order_lead_elsewhere() -> None:
    found = told(between(FIRST + SECOND, SECOND + FIRST))
    assert found == [
        "Changed step: Start [start]",
        "  Goes on with: “One” → “Two”",
        "Changed step: Two [second]",
        "  Goes on with: “Handled” → “One”",
        "Changed step: One [first]",
        "  Goes on with: “Two” → “Handled”",
    ]


def test_the_french_is_whole() -> None:
    found = told(between(FIRST, FIRST.replace("1h", "2h") + SECOND), "fr")
    assert found == [
        "Étape changée : Un [first]",
        "  Échéance : 1\u202fh → 2\u202fh",
        "Nouvelle étape : Deux [second]",
    ]


@needs_samples
def test_any_change_of_a_foreign_playbook_is_found() -> None:
    for name, old in samples().items():
        new = json.loads(json.dumps(old))
        identifier, step = next((i, s) for i, s in new["workflow"].items() if s.get("commands"))
        step["commands"][0]["command"] = "something else"
        found = compare(old, new)
        assert [one.id for one in found.steps] == [identifier], name
        assert found.steps[0].changes, name
        assert compare(old, _shuffled(old)).same, name


def _shuffled(value: Any) -> Any:
    if isinstance(value, dict):
        names = list(value)
        random.Random(7).shuffle(names)
        return {name: _shuffled(value[name]) for name in names}
    return [_shuffled(one) for one in value] if isinstance(value, list) else value

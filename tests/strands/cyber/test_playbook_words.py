"""How the shipped playbooks speak: to each one, in words that can be said aloud."""

import re
from collections.abc import Iterator
from typing import Any

from cyberdesk.desk.playbooks.steps import Action, Call, Task, Wait
from tests.strands.cyber.rehearsal import ATTACKS, programs, tasks


def variants(task: Task) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield who reads the task and what they read: as written, and without IT staff."""
    as_written = {"task": task.title, **task.content}
    yield task.who, as_written
    no_it = task.content.get("no_it")
    if no_it:
        yield no_it.get("who", task.who), {**as_written, **no_it}


def texts(content: dict[str, Any]) -> Iterator[str]:
    yield content["task"]["fr"]
    for key in ("why", "how", "avoid", "evidence", "phone"):
        for text in content.get(key, []):
            yield text["fr"]


def test_what_machines_do_and_what_is_waited_for_has_a_name() -> None:
    for program in programs().values():
        for step in program.steps.values():
            if isinstance(step, Action | Wait):
                assert step.title["fr"] != step.title["en"], f"{program.name}: {step.key}"


def test_each_attack_has_its_part_for_everybody_and_says_what_not_to_do() -> None:
    duties = [task for name, task in tasks() if name == "cyber_duties"]
    for name in ATTACKS:
        own = [task for of, task in tasks() if of == name]
        assert {task.who for task in own} >= {"commune", "provider", "responder", "lead", "mayor"}
        assert "dpo" in {task.who for task in [*own, *duties]}
        assert any(task.content.get("avoid") for task in own if task.who == "commune"), name
        called = [s.playbook for s in programs()[name].steps.values() if isinstance(s, Call)]
        assert "cyber_duties" in called, name


def test_each_attack_keeps_a_decision_with_its_limit_and_what_was_set_aside() -> None:
    for name in ATTACKS:
        notes = [task for of, task in tasks() if of == name and task.content.get("decision")]
        limited = [task for task in notes if len(task.ask) > 1]
        told = [t["fr"] for task in notes for t in task.content["how"]]
        assert limited, f"{name}: no decision says how far or until when"
        assert any("écart" in text for text in told), f"{name}: nothing keeps what was set aside"


def test_a_commune_alone_can_follow_every_task_of_the_provider() -> None:
    for name, task in tasks():
        if task.who == "provider":
            no_it = task.content.get("no_it")
            assert no_it, f"{name}: {task.key} says nothing to a commune without IT staff"
            assert no_it.get("who", "provider") in ("commune", "responder"), f"{name}: {task.key}"


def test_whoever_is_asked_learns_why_how_and_what_to_keep() -> None:
    for name, task in tasks():
        told = task.content.get("evidence") or task.ask
        assert task.content.get("why"), f"{name}: {task.key} does not say why"
        assert task.content.get("how"), f"{name}: {task.key} does not say how"
        assert told, f"{name}: {task.key} keeps nothing of what was done"


def test_who_answers_calls_at_night_reads_two_to_four_short_lines() -> None:
    for name, task in tasks():
        for who, content in variants(task):
            if who in ("responder", "lead"):
                assert 2 <= len(content["how"]) <= 4, f"{name}: {task.key}"


def test_a_responder_in_place_of_the_provider_is_told_how_to_have_it_done() -> None:
    """What is said to who holds the machines would mislead who can only call them."""
    for name, task in tasks():
        no_it = task.content.get("no_it", {})
        if no_it.get("who") == "responder":
            assert no_it.get("how"), f"{name}: {task.key}"
            assert no_it["how"] != task.content["how"], f"{name}: {task.key}"


def test_whoever_does_not_answer_is_looked_after() -> None:
    for name, task in tasks():
        if task.who not in {"responder", "lead"} and task.deadline:
            cared_for = task.deadline.breach or task.on_timeout
            assert cared_for, f"{name}: {task.key} may be late without anyone calling"


def test_a_decision_says_why_how_and_keeps_what_was_chosen() -> None:
    deciders = [
        (name, task)
        for name, task in tasks()
        if task.content.get("decision") and task.who == "mayor"
    ]
    assert len(deciders) >= 10
    for name, task in deciders:
        assert task.content.get("why") or task.ask, f"{name}: {task.key}"
        assert task.title["fr"].startswith(("Décider", "Reprendre")), f"{name}: {task.key}"


JARGON = re.compile(
    r"\b(VLAN|AD|IoC|C2|malware|MFA|VPN|DNS|SHA-256|SPF|DKIM|OAuth|token|jetons?|krbtgt|EDR|SOC|"
    r"RGPD|DPO|backup|logs?|IP|phishing|annuaire|TLP|remédiation|éradication)\b"
)
LONGEST_SENTENCE = 24  # words


def test_a_secretary_and_a_mayor_read_no_jargon() -> None:
    for name, task in tasks():
        for who, content in variants(task):
            if who in ("commune", "mayor"):
                for text in texts(content):
                    assert not JARGON.search(text), f"{name}: {task.key}: {text}"


def test_sentences_can_be_said_in_one_breath() -> None:
    for name, task in tasks():
        for _, content in variants(task):
            for text in texts(content):
                for sentence in re.split(r"(?<=[.!?:])\s", text):
                    words = len(sentence.split())
                    assert words <= LONGEST_SENTENCE, f"{name}: {task.key}: {sentence}"


def test_french_typography() -> None:
    for name, task in tasks():
        for _, content in variants(task):
            for text in texts(content):
                assert "'" not in text, f"{name}: {task.key}: write ’ in {text}"
                assert not re.search(r"[a-zé][!?;:](\s|$)", text), f"{name}: {task.key}: {text}"

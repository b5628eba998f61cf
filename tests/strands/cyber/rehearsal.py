"""Plays the shipped playbooks with answers of every kind, looking for ways not taken yet."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cyberdesk.desk.playbooks.library import Checked, read_folder
from cyberdesk.desk.playbooks.program import Program, read_program
from cyberdesk.desk.playbooks.simulate import MINUTE, Effect, Reply, Trace, simulate
from cyberdesk.desk.playbooks.steps import Step, Task

ROOT = Path(__file__).resolve().parents[3]
LATE = 60 * 24 * 60 * MINUTE  # two months: later than any deadline
Way = tuple[str, str]
ATTACKS = (
    "ransomware",
    "mail_account",
    "phishing",
    "denial_of_service",
    "transfer_fraud",
    "defacement",
    "data_leak",
    "intrusion",
    "edge_device",
    "supplier",
    "lost_device",
    "industrial",
    "insider",
    "impersonation",
)
CASES = (*ATTACKS, "cyber_generic", "cyber_question")


@cache
def actions() -> frozenset[str]:
    """Return what the shipped connectors offer."""
    manifests = [yaml.safe_load(f.read_text()) for f in ROOT.glob("integrations/*/manifest.yaml")]
    return frozenset(f"{m['name']}.{action}" for m in manifests for action in m["actions"])


@cache
def checked() -> tuple[Checked, ...]:
    return tuple(read_folder(ROOT / "playbooks/cyber", actions=actions()))


@cache
def programs() -> dict[str, Program]:
    """Return the programs by name."""
    compiled = [one.compiled for one in checked() if one.compiled]
    return {program.name: program for program in (read_program(c.cacao) for c in compiled)}


def tasks() -> Iterator[tuple[str, Task]]:
    for program in programs().values():
        for step in program.steps.values():
            if isinstance(step, Task):
                yield program.name, step


def play(name: str, script: Any) -> Trace:
    library = {program.hash: program for program in programs().values()}
    return simulate(library, programs()[name], script)


def ways(program: Program) -> dict[Way, str]:
    """Return every way from a step to another, with its name for people.

    Left out: the `exception` block, which nothing reaches as every failure has a way of its own,
    and the default that the compiler adds to a switch whose cases name all the choices.
    """
    spare = _inside(program, program.exception)
    found = {
        (step.id, to): f"{program.name}: {step.key} {how}"
        for step in program.steps.values()
        if step.id not in spare
        for how, to in _ways_of(step)
    }
    return {way: name for way, name in found.items() if not name.endswith("close_entry default")}


def _ways_of(step: Step) -> Iterator[tuple[str, str]]:
    names = ("next", "on_failure", "on_timeout", "undo", "impossible", "unknown", "default")
    for name in (*names, "on_true", "on_false", "body"):
        if to := getattr(step, name, None):
            yield name, to
    if step.deadline and step.deadline.breach:
        yield "breach", step.deadline.breach
    for name in ("cases", "strands"):
        yield from getattr(step, name, {}).items()


def _inside(program: Program, start: str | None) -> set[str]:
    found: set[str] = set()
    coming = [start] if start else []
    while coming:
        step = coming.pop()
        if step not in found:
            found.add(step)
            coming += [to for _, to in _ways_of(program.steps[step])]
    return found


@dataclass
class Anybody:
    """Answers at random, but rather what leads to a way of `missing`; never falls silent for ever."""

    seed: int
    missing: set[Way] = field(default_factory=set)
    variables: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.stubborn = self.dice.random() < 0.2  # loops never end by themselves
        self.broken = self.dice.random() < 0.25  # no action ever succeeds
        self.facts = {
            "case.organisation": "Val-Modèle",
            "case.reference": "CD-7K4-92M",
            "case.it_staff": self.dice.choice([True, False, None]),
            "case.insured": self.dice.choice([True, False, None]),
            "case.offence": self.dice.choice([True, True, False, None]),
            "case.aware_at": "2026-11-23T06:43:00Z",
            "case.type": "unknown",
        }

    def reply(self, question: Any) -> Reply:
        after = LATE if self._wants(question, "breach") else 10 * MINUTE
        match question["kind"]:
            case "task":
                asked = question["questions"].items()
                values = {name: self._value(name, one) for name, one in asked}
                return Reply(self._answer(question), values, after)
            case "decide":
                return Reply(self.dice.choice(question["choices"]), {}, after)
            case "review":
                return Reply(self.dice.choice(["go_on", "again"]), {}, after)
            case "verify":
                return Reply("done", {}, after)
            case _:
                return Reply(self.dice.choice(["agree", "agree", "refuse"]), {}, after)

    def effect(self, _action: Any) -> Effect:
        return Effect("failed" if self.broken else self.dice.choice(["done", "failed"]))

    def joins(self, _call: Any) -> str | None:
        """Now and then another procedure of the case has done it already."""
        return "completed" if self.seed % 20 == 0 else None

    def events(self) -> Iterator[tuple[int, dict[str, Any]]]:
        if self.dice.random() < 0.5:
            for signal in ("provider.report", "takedown.confirmed"):
                yield 30 * MINUTE, {"type": "signal", "name": signal, "data": {}}

    def _step(self, question: Any) -> Step:
        by_hash = {program.hash: program for program in programs().values()}
        return by_hash[question["program"]].steps[question["step"]]

    def _wants(self, question: Any, how: str) -> bool:
        step = self._step(question)
        leads = dict(_ways_of(step)).get(how)
        if leads is None:
            return False
        beside = how == "breach" and leads in {start for start, _ in self.missing}
        return beside or (step.id, leads) in self.missing

    def _answer(self, question: Any) -> str:
        wanted = [how for how in ("impossible", "unknown") if self._wants(question, how)]
        return self.dice.choice([*wanted * 4, *["done"] * 8, "impossible", "unknown"])

    def _value(self, name: str, question: Any) -> Any:
        must = question.get("unknown") == "refused"
        if must and self.stubborn:
            return name in _GO_ON if question["type"] == "bool" else "later"
        return self.dice.choice([*self._offers(name, question), *([] if must else [None])])

    def _offers(self, name: str, question: Any) -> list[Any]:
        match question["type"]:
            case "bool":
                return [True, False]
            case "choice":
                choices = list(question["choices"])
                # The first verdict is the one that the playbook is for: the others end it.
                return [*(choices[:1] * 8 if name == "verdict" else []), *choices]
            case "integer":
                return [0, 3, 12, 300]
            case "datetime":
                return ["2026-11-25T08:00:00Z"]
            case _:
                return ["quelques mots"]


# Loops that go on while this is true; the others go on while theirs is false.
_GO_ON = ("accounts_left", "still_coming", "under_attack", "filters_left", "more_to_do")

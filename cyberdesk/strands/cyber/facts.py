"""From answers to facts: what triggers and playbooks reason about, true, false or unknown."""

from collections.abc import Mapping
from functools import cache
from typing import Literal

from pydantic import Field

from cyberdesk.desk.playbooks.values import Variable
from cyberdesk.strands.cyber.content import Entry, Name, Text, read
from cyberdesk.strands.cyber.questionnaire import Answers, chosen
from cyberdesk.strands.cyber.questionnaire.rules import When
from cyberdesk.strands.cyber.taxonomy import QUESTION, load_attack_types

Fact = bool | str | None
Facts = Mapping[str, Fact]
YES, NO, UNKNOWN = "yes", "no", "unknown"
_MEANT: Mapping[str, Fact] = {YES: True, NO: False, UNKNOWN: None}


def meant(said: str) -> Fact:
    """Return the fact that `yes`, `no`, `unknown` or a choice stands for."""
    return _MEANT.get(said, said)


def spoken(fact: Fact) -> str:
    """Return the word for a fact: the other way round."""
    return fact if isinstance(fact, str) else {True: YES, False: NO, None: UNKNOWN}[fact]


class FactSheet(Entry):
    """A fact: how answers tell it, or who else does; `choices` when it is not yes or no.

    `stands_for` and `falls_with` are what a correction means in answers: see `weighing`.
    """

    name: Name
    label: Text
    yes: When | None = None
    no: When | None = None
    told_by: Literal["answers", "case", "setting"] = "answers"
    choices: tuple[str, ...] = ()
    stands_for: dict[Name, tuple[str, ...]] = Field(default_factory=dict)
    falls_with: dict[Name, tuple[str, ...]] = Field(default_factory=dict)

    def told(self, answers: Answers) -> Fact:
        if self.yes and self.yes.holds(answers):
            return True
        if self.no and self.no.holds(answers):
            return False
        return None

    @property
    def is_open_to_correction(self) -> bool:
        """A setting holds for the whole house: it is no fact of one case."""
        return self.told_by != "setting"

    @property
    def answers(self) -> tuple[str, ...]:
        """What can be said of it."""
        return (*(self.choices or (YES, NO)), UNKNOWN)

    def as_variable(self) -> Variable:
        kind = "string" if self.choices else "bool"
        return Variable(self.name, kind, choices=dict.fromkeys(self.choices))


@cache
def load_facts() -> dict[str, FactSheet]:
    return {
        name: FactSheet.model_validate({"name": name, **entry})
        for name, entry in read("facts.yaml").items()
    }


def facts(answers: Answers, *, confirmed: str | None = None, **corrected: Fact) -> dict[str, Fact]:
    """Return every fact, true, false or unknown (None).

    A `confirmed` kind of attack fills in what the answers leave open, as does a mere question;
    `corrected` holds what the case says, and wins. Raises KeyError for a kind or a fact that does
    not exist.
    """
    if confirmed is None and chosen(answers, "sees") == {QUESTION}:
        confirmed = QUESTION
    sheets = load_facts()
    told = {name: sheet.told(answers) for name, sheet in sheets.items()}
    implied = load_attack_types()[confirmed].implies if confirmed else {}
    settled = confirmed == QUESTION  # what was feared at first counts no more
    told |= {name: truth for name, truth in implied.items() if settled or told[name] is None}
    for name, value in corrected.items():
        told[sheets[name].name] = value
    return told

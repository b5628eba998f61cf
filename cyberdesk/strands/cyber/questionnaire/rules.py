"""When something holds, told by answers: `{sees: [ransom_note], machines: [many, all]}`.

Several questions must all agree, each by any of its listed answers; `any`, `all` and `not` nest;
`known: [machines]` holds when each was answered by something else than « je ne sais pas ».
A question that was seen and left blank counts as answered « je ne sais pas ».
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, InstanceOf

UNKNOWN = "unknown"

Answer = str | int | list[str] | dict[str, str] | None
Answers = Mapping[str, Answer]


def chosen(answers: Answers, question: str) -> frozenset[str]:
    """Return the options chosen; empty when the question was not put, or is not one of choice."""
    if question not in answers:
        return frozenset()
    match answers[question]:
        case None:
            return frozenset({UNKNOWN})
        case str(option):
            return frozenset({option})
        case list(options):
            return frozenset(options)
        case {"said": str(said)}:
            return frozenset({said})
        case _:
            return frozenset()


class Rule:
    """A condition over answers."""

    def holds(self, answers: Answers) -> bool:
        raise NotImplementedError

    def mentions(self) -> Iterator[tuple[str, str]]:
        """Yield each (question, option) that the condition names."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Chosen(Rule):
    question: str
    options: frozenset[str]

    def holds(self, answers: Answers) -> bool:
        return not self.options.isdisjoint(chosen(answers, self.question))

    def mentions(self) -> Iterator[tuple[str, str]]:
        yield from ((self.question, option) for option in sorted(self.options))


@dataclass(frozen=True, slots=True)
class Known(Rule):
    """Each of the questions was answered, and not by « je ne sais pas »."""

    questions: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        return all(chosen(answers, question) - {UNKNOWN} for question in self.questions)

    def mentions(self) -> Iterator[tuple[str, str]]:
        yield from ((question, UNKNOWN) for question in self.questions)


@dataclass(frozen=True, slots=True)
class Several(Rule):
    """All of the rules, or at least one of them."""

    rules: tuple[Rule, ...]
    every: bool

    def holds(self, answers: Answers) -> bool:
        return (all if self.every else any)(rule.holds(answers) for rule in self.rules)

    def mentions(self) -> Iterator[tuple[str, str]]:
        for rule in self.rules:
            yield from rule.mentions()


@dataclass(frozen=True, slots=True)
class Never(Rule):
    rule: Rule

    def holds(self, answers: Answers) -> bool:
        return not self.rule.holds(answers)

    def mentions(self) -> Iterator[tuple[str, str]]:
        return self.rule.mentions()


def parse_rule(raw: Any) -> Rule:
    """Read a rule as the data files spell it; raise ValueError when it is not one."""
    if isinstance(raw, Rule):
        return raw
    if not isinstance(raw, dict) or not raw:
        raise ValueError(f"a condition is {{question: [answers]}}, not {raw!r}")
    rules = tuple(_clause(key, value) for key, value in raw.items())
    return rules[0] if len(rules) == 1 else Several(rules, every=True)


def _clause(key: str, value: Any) -> Rule:
    if key == "not":
        return Never(parse_rule(value))
    if not isinstance(value, list) or not value:
        raise ValueError(f"{key}: list at least one answer")
    if key in ("any", "all"):
        return Several(tuple(parse_rule(entry) for entry in value), every=key == "all")
    if not all(isinstance(option, str) for option in value):
        raise ValueError(f"{key}: answers are words")
    return Known(tuple(value)) if key == "known" else Chosen(key, frozenset(value))


When = Annotated[InstanceOf[Rule], BeforeValidator(parse_rule)]

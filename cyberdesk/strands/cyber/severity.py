"""How grave a case is, and why: perimeter × impact on services × urgency.

The frame is that of the CERT-FR reflex sheets; the number is a STIX Incident Core criticality
(0 to 100, Appendix B), whose bands are our four levels. What is not known counts as rather bad, and
is said. Worse answers never lower the score: every factor is the highest of what holds.
"""

from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from cyberdesk.strands.cyber.content import Entry, Name, Sourced, Text, read
from cyberdesk.strands.cyber.questionnaire import Answers, chosen
from cyberdesk.strands.cyber.questionnaire.rules import When
from cyberdesk.strands.cyber.services import Weight, load_services
from cyberdesk.strands.cyber.taxonomy import QUESTION

Value = Annotated[float, Field(gt=0, le=1)]
_HEAVIER: dict[Weight, int] = {"useful": 1, "essential": 2, "vital": 3}


class Level(Entry):
    """One of the four, from its lowest score; `stix` is the middle of its criticality band.

    `fact` is what playbooks read in `case.severity`.
    """

    name: Name
    number: int
    fact: Literal["low", "medium", "high", "critical"]
    label: Text
    plain: Text
    from_score: int = Field(alias="from")
    stix: int


class Stopped(Entry):
    """At least so many services of this weight, or heavier, have stopped."""

    weight: Weight
    at_least: int = 1

    def holds(self, answers: Answers) -> bool:
        known = load_services()
        stopped = [known[name] for name in chosen(answers, "services") if name in known]
        heavy = [s for s in stopped if _HEAVIER[s.weight] >= _HEAVIER[self.weight]]
        return len(heavy) >= self.at_least


class _Ground(Entry):
    """What must hold; both when both are given."""

    when: When | None = None
    stopped: Stopped | None = None

    def holds(self, answers: Answers) -> bool:
        return all(rule.holds(answers) for rule in (self.when, self.stopped) if rule is not None)


class Grade(_Ground):
    value: Value
    label: Text


class Floor(_Ground):
    score: Annotated[int, Field(ge=0, le=100)]
    because: Text


class FactorScale(Entry):
    label: Text
    weight: Value
    least: Grade
    levels: tuple[Grade, ...]
    unknown: Grade

    def grade(self, answers: Answers) -> tuple[Grade, bool]:
        """Return the highest grade that holds, and whether something needed is not known."""
        doubt = self.unknown.holds(answers)
        held = [grade for grade in self.levels if grade.holds(answers)]
        candidates = [self.least, *held, *([self.unknown] if doubt else [])]
        return max(candidates, key=lambda grade: grade.value), doubt


class Scale(Sourced):
    levels: tuple[Level, ...]
    factors: dict[Name, FactorScale]
    floors: tuple[Floor, ...]

    @model_validator(mode="after")
    def _sound(self) -> "Scale":
        if abs(sum(factor.weight for factor in self.factors.values()) - 1) > 1e-9:  # noqa: PLR2004
            raise ValueError("the weights of the factors add up to 1")
        starts = [level.from_score for level in self.levels]
        if starts != sorted(starts) or starts[0] != 0:
            raise ValueError("levels begin at 0 and rise")
        return self

    def level(self, score: int) -> Level:
        return next(level for level in reversed(self.levels) if score >= level.from_score)


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor as found: its value from 0 to 1, in words, and whether doubt weighed in it."""

    name: str
    title: Text
    value: float
    label: Text
    in_doubt: bool


@dataclass(frozen=True, slots=True)
class Severity:
    """The score, its level and its reasons; `why` reads « réseau entier × … × … »."""

    score: int
    level: Level
    factors: tuple[Factor, ...]
    floors: tuple[Text, ...]
    why: Text

    @property
    def criticality(self) -> int:
        """The STIX Incident Core criticality; 0 is kept for a false positive."""
        return max(1, self.score)


@cache
def load_scale() -> Scale:
    raw: dict[str, Any] = read("severity.yaml")
    levels = [{"number": place, **level} for place, level in enumerate(raw["levels"], start=1)]
    return Scale.model_validate({**raw, "levels": levels})


def assess(answers: Answers, settled: str | None = None) -> Severity:
    """Weigh the answers (only those of visible screens: see `questionnaire.relevant`).

    What a person `settled` to be a mere question weighs like one, whatever was feared at first.
    """
    if settled == QUESTION:
        answers = {"sees": [QUESTION]}
    scale = load_scale()
    factors = tuple(_factor(name, one, answers) for name, one in scale.factors.items())
    mean = 100 * prod(factor.value ** scale.factors[factor.name].weight for factor in factors)
    floors = [floor for floor in scale.floors if floor.holds(answers)]
    score = max(round(mean), *(floor.score for floor in floors), 0)
    return Severity(
        score=score,
        level=scale.level(score),
        factors=factors,
        floors=tuple(floor.because for floor in floors if floor.score > round(mean)),
        why=_why(factors),
    )


def _factor(name: str, scale: FactorScale, answers: Answers) -> Factor:
    grade, doubt = scale.grade(answers)
    return Factor(name, scale.label, grade.value, grade.label, in_doubt=doubt)


def _why(factors: tuple[Factor, ...]) -> Text:
    return Text(
        fr=" × ".join(factor.label.fr for factor in factors),
        en=" × ".join(factor.label.en for factor in factors),
    )

"""What a condition is made of.

NOT is pushed down to the comparisons, for STIX has no NOT before a parenthesis; De Morgan's laws
hold for unknown values too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Literal = bool | int | float | str | datetime


class ConditionError(ValueError):
    """The text is not a condition. `offset` counts characters from 0; `code` names the fault."""

    def __init__(self, code: str, offset: int, found: str = "") -> None:
        super().__init__(f"{code} at {offset}: {found}")
        self.code, self.offset, self.found = code, offset, found


class Operator(StrEnum):
    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    IN = "IN"
    LIKE = "LIKE"
    MATCHES = "MATCHES"


OPPOSITE = {
    Operator.EQUAL: Operator.UNEQUAL,
    Operator.UNEQUAL: Operator.EQUAL,
    Operator.LESS: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.LESS,
    Operator.MORE: Operator.AT_MOST,
    Operator.AT_MOST: Operator.MORE,
}
ORDERING = frozenset({Operator.LESS, Operator.AT_MOST, Operator.MORE, Operator.AT_LEAST})


@dataclass(frozen=True, slots=True)
class Comparison:
    """A variable against one literal, or several for IN. `negated` for IN, LIKE, MATCHES only."""

    variable: str
    operator: Operator
    literals: tuple[Literal, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Whether a variable has a value: EXISTS in STIX; the one test that is always decided."""

    variable: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Condition", ...]


Condition = Comparison | Known | AllOf | AnyOf


def negate(condition: Condition) -> Condition:
    match condition:
        case Comparison(variable, operator, literals, negated):
            if operator in OPPOSITE:
                return Comparison(variable, OPPOSITE[operator], literals)
            return Comparison(variable, operator, literals, not negated)
        case Known(variable, negated):
            return Known(variable, not negated)
        case AllOf(parts):
            return AnyOf(tuple(map(negate, parts)))
        case AnyOf(parts):
            return AllOf(tuple(map(negate, parts)))


def leaves(condition: Condition) -> Iterator[Comparison | Known]:
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Comparison() | Known():
            yield condition


def variables(condition: Condition) -> list[str]:
    """Return the names of the variables, in the order of their first use."""
    return list(dict.fromkeys(leaf.variable for leaf in leaves(condition)))

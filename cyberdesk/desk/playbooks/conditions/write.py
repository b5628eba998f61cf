"""Writes a condition back: as STIX for exchange, or readably for a person."""

from collections.abc import Callable
from datetime import datetime

from cyberdesk.desk.playbooks.conditions.tree import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Known,
    Literal,
    Operator,
)

Namer = Callable[[str], str]


def stix(condition: Condition) -> str:
    """Return the STIX comparison expression, without brackets, as CACAO holds it."""
    return _Writer(lambda name: f"__{name}__:value", "AND", "OR").write(condition)


def readable(condition: Condition) -> str:
    """Return the readable spelling; parsing it gives the same tree."""
    return _Writer(str, "and", "or").write(condition)


class _Writer:
    def __init__(self, name: Namer, both: str, either: str) -> None:
        self.name, self.both, self.either = name, both, either
        self.stix = both == "AND"

    def write(self, condition: Condition, *, inside: bool = False) -> str:
        match condition:
            case Known(variable, negated):
                return self._known(variable, negated=negated)
            case Comparison():
                return self._comparison(condition)
            case AllOf(parts):
                return self._joined(parts, self.both, inside=inside)
            case AnyOf(parts):
                return self._joined(parts, self.either, inside=inside)

    def _joined(self, parts: tuple[Condition, ...], word: str, *, inside: bool) -> str:
        text = f" {word} ".join(self.write(part, inside=True) for part in parts)
        return f"({text})" if inside else text

    def _known(self, variable: str, *, negated: bool) -> str:
        if self.stix:
            return f"{'NOT ' if negated else ''}EXISTS {self.name(variable)}"
        return f"{variable} is {'unknown' if negated else 'known'}"

    def _comparison(self, leaf: Comparison) -> str:
        operator = leaf.operator.value if self.stix else leaf.operator.value.lower()
        if operator == "=" and not self.stix:
            operator = "=="
        negation = ("NOT " if self.stix else "not ") if leaf.negated else ""
        values = ", ".join(map(_literal, leaf.literals))
        if leaf.operator is Operator.IN:
            values = f"({values})"
        return f"{self.name(leaf.variable)} {negation}{operator} {values}"


def _literal(literal: Literal) -> str:
    if isinstance(literal, bool):
        return "true" if literal else "false"
    if isinstance(literal, datetime):
        return "t'" + literal.isoformat().replace("+00:00", "Z") + "'"
    if isinstance(literal, str):
        return "'" + literal.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return _number(literal)


def _number(literal: float) -> str:
    text = repr(literal)
    return f"{literal:f}" if "e" in text else text

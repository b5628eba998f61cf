"""Checks a condition against the declared variables before it ever runs."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from cyberdesk.desk.playbooks.conditions.evaluate import compiled
from cyberdesk.desk.playbooks.conditions.tree import (
    ORDERING,
    Comparison,
    Condition,
    Known,
    Literal,
    Operator,
    leaves,
)
from cyberdesk.desk.playbooks.values import Variable

_CHOOSING = frozenset({Operator.EQUAL, Operator.UNEQUAL, Operator.IN})
_TEXTUAL = frozenset({Operator.LIKE, Operator.MATCHES})
_NUMBERS = frozenset({"integer", "long", "float"})


def mistakes(
    condition: Condition, declared: Mapping[str, Variable]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (code, facts) for each undeclared variable and each comparison that makes no sense."""
    for leaf in leaves(condition):
        variable = declared.get(leaf.variable)
        if variable is None:
            yield "undefined-variable", {"variable": leaf.variable}
        elif isinstance(leaf, Known):
            continue
        else:
            yield from _comparison(leaf, variable)


def _comparison(leaf: Comparison, variable: Variable) -> Iterator[tuple[str, dict[str, str]]]:
    facts = {"variable": variable.name, "type": variable.type, "operator": leaf.operator.value}
    for literal in leaf.literals:
        if not _fits(variable.type, leaf.operator, literal):
            yield "type-mismatch", facts | {"literal": str(literal)}
        elif leaf.operator in _CHOOSING and variable.choices and literal not in variable.choices:
            known = ", ".join(variable.choices)
            yield "unknown-choice", facts | {"literal": str(literal), "choices": known}
    if leaf.operator is Operator.MATCHES and compiled(str(leaf.literals[0])) is None:
        yield "bad-pattern", facts | {"literal": str(leaf.literals[0])}


def _fits(kind: str, operator: Operator, literal: Literal) -> bool:
    if kind == "bool":
        return isinstance(literal, bool) and operator not in ORDERING | _TEXTUAL
    if kind in _NUMBERS:
        number = isinstance(literal, int | float) and not isinstance(literal, bool)
        return number and operator not in _TEXTUAL
    if kind == "datetime":
        return isinstance(literal, datetime) and operator not in _TEXTUAL
    if kind == "dictionary":
        return False
    return isinstance(literal, str)

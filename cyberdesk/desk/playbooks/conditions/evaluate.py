"""Three-valued, typed evaluation: True, False, or None when it cannot be decided."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import re2

from cyberdesk.desk.playbooks.conditions.tree import (
    ORDERING,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Known,
    Literal,
    Operator,
)
from cyberdesk.desk.playbooks.values import Value, instant

LONGEST_PATTERN = 256
LONGEST_SUBJECT = 20_000
_MEMORY = 1 << 20


def evaluate(condition: Condition, values: Mapping[str, Value]) -> bool | None:
    """Return the truth of `condition`; None when unknown values or odd types leave it open."""
    match condition:
        case Known(variable, negated):
            return (values.get(variable) is not None) is not negated
        case Comparison():
            return _compare(condition, values.get(condition.variable))
        case AllOf(parts):
            return _all(evaluate(part, values) for part in parts)
        case AnyOf(parts):
            inverse = _all(_not(evaluate(part, values)) for part in parts)
            return _not(inverse)


def compiled(pattern: str) -> Any | None:
    """Return the linear-time regular expression, or None when RE2 does not take it."""
    return _compiled(pattern) if len(pattern) <= LONGEST_PATTERN else None


def _all(parts: Iterable[bool | None]) -> bool | None:
    """Kleene's conjunction: false wins over unknown, unknown over true."""
    truth: bool | None = True
    for part in parts:
        if part is False:
            return False
        truth = None if part is None else truth
    return truth


def _not(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _compare(comparison: Comparison, value: Value) -> bool | None:
    if value is None:
        return None
    results = [_test(comparison.operator, value, literal) for literal in comparison.literals]
    # IN is the disjunction of equalities.
    truth = _not(_all(_not(result) for result in results))
    return _not(truth) if comparison.negated else truth


def _test(operator: Operator, value: Value, literal: Literal) -> bool | None:
    if operator is Operator.LIKE:
        return _search(_like(literal), value) if isinstance(literal, str) else None
    if operator is Operator.MATCHES:
        return _search(literal, value) if isinstance(literal, str) else None
    left = _alike(value, literal)
    if left is None:
        return None
    if operator in ORDERING:
        return _ordered(operator, left, literal)
    return (left == literal) is not (operator is Operator.UNEQUAL)


def _alike(value: Value, literal: Literal) -> Literal | None:
    """Return `value` when it may be compared with `literal`, else None: no type is bent."""
    if isinstance(literal, datetime):
        return instant(value)
    if isinstance(literal, bool) or isinstance(value, bool):
        return value if isinstance(value, bool) and isinstance(literal, bool) else None
    if isinstance(literal, int | float):
        return value if isinstance(value, int | float) else None
    return value if isinstance(value, str) else None


def _ordered(operator: Operator, left: Any, right: Any) -> bool | None:
    if isinstance(left, bool):
        return None
    match operator:
        case Operator.LESS:
            return bool(left < right)
        case Operator.AT_MOST:
            return bool(left <= right)
        case Operator.MORE:
            return bool(left > right)
        case _:
            return bool(left >= right)


def _search(pattern: str, value: Value) -> bool | None:
    regex = compiled(pattern)
    if regex is None or not isinstance(value, str) or len(value) > LONGEST_SUBJECT:
        return None
    return regex.search(value) is not None


@lru_cache(maxsize=256)
def _like(literal: str) -> str:
    """Return the SQL-like pattern as a regular expression: % any text, _ one character."""
    wild = {"%": ".*", "_": "."}
    return r"(?s)\A" + "".join(wild.get(sign) or re2.escape(sign) for sign in literal) + r"\z"


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any | None:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options=options)
    except re2.error:
        return None

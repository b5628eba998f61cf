"""Titles of steps as lists show them: kept in the clear, so never with what a person typed."""

from collections.abc import Mapping
from typing import Any

from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.steps import Step
from cyberdesk.desk.playbooks.texts import Text, fill_all
from cyberdesk.desk.playbooks.values import Value, Variable, instant

# What the desk and the directory tell of a case. Other facts count by their value alone.
_OF_THE_CASE = frozenset(
    f"case.{name}"
    for name in ("reference", "organisation", "type", "severity", "declared_at", "aware_at")
)
_TYPED = "…"


def listed_title(program: Program, step: Step, values: Mapping[str, Value]) -> Text:
    """Return the title of `step` with the values that may stand in a list, `…` for the others."""
    filled: Text = fill_all(step.title, may_stand(program, values))
    return filled


def may_stand(program: Program, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return `values`, each that a person may have typed replaced by `…`.

    Judged by the value and not by the declared type alone: a playbook that calls another can hand
    a text to what is declared a number there.
    """
    declared = program.variables
    return {
        name: value if _is_code(declared.get(name), value) else _TYPED
        for name, value in values.items()
    }


def _is_code(variable: Variable | None, value: Any) -> bool:
    if variable is None:
        return False
    if value is None or isinstance(value, bool | int | float):
        return True
    if variable.fact in _OF_THE_CASE:
        return True
    if not isinstance(value, str):
        return False
    return value in variable.choices or (variable.type == "datetime" and bool(instant(value)))

"""Conditions as sentences: by the words of the questions that people answered.

`hosts > 5` reads "Combien de postes sont touchés ? plus de 5".
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cyberdesk.core.text import Text, _, bilingual, language
from cyberdesk.core.web.formatting import date_time
from cyberdesk.desk.playbooks.conditions import Condition
from cyberdesk.desk.playbooks.conditions.tree import AllOf, AnyOf, Comparison, Known, Operator
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.steps import Task

Label = Callable[[str], str]
_BOOL = {True: _("yes"), False: _("no")}
_SAID: Mapping[Operator, Callable[[str], Text | str]] = {
    Operator.EQUAL: lambda v: v,
    Operator.UNEQUAL: lambda v: _("not %(value)s", value=v),
    Operator.LESS: lambda v: _("less than %(value)s", value=v),
    Operator.AT_MOST: lambda v: _("%(value)s at most", value=v),
    Operator.MORE: lambda v: _("more than %(value)s", value=v),
    Operator.AT_LEAST: lambda v: _("%(value)s at least", value=v),
    Operator.IN: lambda v: v,
    Operator.LIKE: lambda v: _("like “%(value)s”", value=v),
    Operator.MATCHES: lambda v: _("of the form %(value)s", value=v),
}


def labels(program: Program) -> dict[str, Any]:
    """Return the words {fr, en} of the question that first asks for each variable."""
    asked = program.variables.values()
    found: dict[str, Any] = {one.name: one.asked for one in asked if one.asked}
    for step in program.steps.values():
        if isinstance(step, Task):
            for name, question in step.ask.items():
                found.setdefault(name, question.get("label"))
    return found


def value_of(program: Program, variable: str, value: Any) -> str:
    """Say a value as its choice is worded."""
    if isinstance(value, bool):
        return str(_BOOL[value])
    if isinstance(value, datetime):
        return date_time(value, language())
    choices = _choices(program, variable)
    known = choices.get(value) if isinstance(value, str) else None
    if known is None and isinstance(value, str) and value in ("true", "false"):
        return str(_BOOL[value == "true"])
    return bilingual(known) or str(value)


def spoken(program: Program, condition: Condition, label: Label) -> str:
    """Say a condition in the language of the moment."""
    match condition:
        case AllOf(parts):
            return str(_(" and ")).join(spoken(program, part, label) for part in parts)
        case AnyOf(parts):
            return str(_(" or ")).join(spoken(program, part, label) for part in parts)
        case Known(variable, negated):
            state = _("not known") if negated else _("known")
            return f"{label(variable)} {state}"
    return _comparison(program, condition, label)


def _comparison(program: Program, leaf: Comparison, label: Label) -> str:
    values = [value_of(program, leaf.variable, literal) for literal in leaf.literals]
    joined = str(_(" or ")).join(f"“{v}”" if " " in v else v for v in values)
    said = _SAID[leaf.operator](joined)
    if leaf.negated:
        said = _("not %(value)s", value=str(said))
    return f"{label(leaf.variable)} {said}"


def _choices(program: Program, variable: str) -> Mapping[str, Any]:
    declared = program.variables.get(variable)
    if declared is not None and declared.choices:
        return declared.choices
    for step in program.steps.values():
        if isinstance(step, Task) and (found := step.ask.get(variable, {}).get("choices")):
            choices: Mapping[str, Any] = found
            return choices
    return {}

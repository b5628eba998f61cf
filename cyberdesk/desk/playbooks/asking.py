"""What whoever starts a playbook by hand is asked, and reading what they answer.

A `playbook:` step gives these variables by `with`; a person is asked for them instead.
"""

from collections.abc import Mapping
from typing import Any

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import Text, _
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.values import BadValueError, Value, read_value, write_value
from cyberdesk.desk.tasks.questions import Question, read_answers


def questions_of(program: Program) -> dict[str, Question]:
    """Return the questions by the name of their variable, as those of a task are written."""
    return {
        name: {
            "label": dict(variable.asked),
            "type": variable.type,
            "choices": dict(variable.choices),
            "value": write_value(variable.default),
        }
        for name, variable in program.variables.items()
        if variable.asked
    }


def read_given(program: Program, given: Mapping[str, Any]) -> dict[str, Value]:
    """Return what was given, by variable and of its type.

    "I do not know" is None, also where the playbook has a default; what is left out is left out.

    Raises InvalidError with what is wrong with each, and for what was not asked.
    """
    values: dict[str, Value] = {}
    faults: dict[str, list[Text]] = {}
    for name, answer in read_answers(questions_of(program), given).items():
        kind = program.variables[name].type
        try:
            value = read_value(kind, answer)
        except BadValueError:
            faults[name] = [_("This is not a value of this kind: %(kind)s.", kind=kind)]
            continue
        if value is not None or name in given:
            values[name] = value
    if faults:
        raise InvalidError(_("Some answers need another look."), fields=faults)
    return values

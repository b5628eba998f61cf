"""What a run waits to hear of, or will: the signals that its playbooks know."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cyberdesk.core.ids import new_id
from cyberdesk.core.text import bilingual
from cyberdesk.desk.playbooks.shown.run import program_of, speaker_of
from cyberdesk.desk.playbooks.shown.states import Stand, States
from cyberdesk.desk.playbooks.shown.words import Speaker
from cyberdesk.desk.playbooks.steps import Wait
from cyberdesk.desk.playbooks.values import Variable


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal by its name, titled by the step that waits for it, at `stand`.

    `questions` are what the step reads of it, by the name of the variable; `fields` say where.
    """

    name: str
    title: str
    stand: Stand
    questions: Mapping[str, Mapping[str, Any]]
    fields: Mapping[str, str]

    @property
    def awaited(self) -> bool:
        return self.stand.status == "waiting"

    @property
    def over(self) -> bool:
        """It came in, or is waited for no longer."""
        return self.stand.over

    @property
    def once(self) -> str:
        """Name this telling of it: while a step waits, everybody tells of the same."""
        return f"{self.name}:{self.stand.entry if self.awaited else new_id()}"


def signals_of(states: States) -> list[Signal]:
    """Return what the run waits to hear of, what it will, and what it has heard, in this order."""
    found: dict[str, Signal] = {}
    for one in sorted(_signals(states), key=lambda one: (not one.awaited, one.over)):
        found.setdefault(one.name, one)
    return list(found.values())


def _signals(states: States) -> Iterator[Signal]:
    for context, held in states.state["contexts"].items():
        if held["state"] != "running" or states.over:
            continue
        speaker = speaker_of(states, context)
        for step in program_of(states, context).steps.values():
            stand = states.of(context, step.id)
            if isinstance(step, Wait) and step.signal:
                yield _signal(speaker, step, step.signal, stand)


def _signal(speaker: Speaker, step: Wait, name: str, stand: Stand) -> Signal:
    declared = speaker.program.variables
    read = {variable: field for variable, field in step.out.items() if variable in declared}
    questions = {
        variable: {
            "label": speaker.label(variable),
            "type": declared[variable].type,
            "choices": _choices(declared[variable]),
        }
        for variable in read
    }
    return Signal(name, speaker.title(step), stand, questions, read)


def _choices(variable: Variable) -> dict[str, str]:
    return {value: bilingual(text) or value for value, text in variable.choices.items()}

"""A script that chooses as a plan says, and by chance where it says nothing."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cyberdesk.desk.playbooks.engine import Command
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.rehearsal.guesses import Guesses
from cyberdesk.desk.playbooks.simulate import MINUTE, Effect, Reply
from cyberdesk.desk.playbooks.steps import Action, Step
from cyberdesk.desk.playbooks.values import Value

_LATE = 60 * 24 * 60 * MINUTE  # two months: later than any deadline
_SOON = 10 * MINUTE
_EFFECTS = (
    Effect(),
    Effect("failed", permanent=True),
    Effect("failed"),
    Effect("unknown", repeatable="unsafe"),
    Effect("lost"),
)
_JOINED = (None, "completed")
_ALONE = 0.9  # of cases have no other run
_CANCELS = (None, *(n * MINUTE for n in (15, 25, 45, 90, 1_500, 4_500, 15_000)), _LATE)
CANCEL = "run:cancel"
_USUAL = 0.6  # of what is left to chance is the usual


def habit(key: str) -> str:
    """Return the name of a choice without which time it is."""
    step, _sep, rest = key.partition(":")
    return f"{step}:*:{rest.partition(':')[2]}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a play is to choose.

    `given`: choices by name, None for the usual throughout; `habits`: the same each time anew;
    `aimed`: values that variables are to have.
    """

    given: Mapping[str, int] | None = None
    habits: Mapping[str, int] = field(default_factory=dict)
    aimed: Mapping[str, Value] = field(default_factory=dict)


class Chooser:
    """A script that chooses as it is told to, and by chance where it is told nothing.

    `chosen` keeps each choice under a name that says at which step, which time, and of
    what, so that another play can make the same.
    """

    def __init__(
        self,
        guesses: Guesses,
        program: Program,
        plan: Plan,
        dice: random.Random,
    ) -> None:
        self.guesses, self.plan, self.dice = guesses, plan, dice
        self.chosen: dict[str, int] = {}
        self.times: Counter[str] = Counter()
        self.facts: Mapping[str, Value] = {
            fact: self._pick(f"fact:{fact}", name, told) for fact, name, told in guesses.facts()
        }

        self.variables: Mapping[str, Value] = {
            name: self._pick(f"input:{name}", name, values)
            for name, values in guesses.inputs(program)
        }

    def events(self) -> Iterator[tuple[int, dict[str, Any]]]:
        at = _CANCELS[self._choose(CANCEL, len(_CANCELS), usual=0.9)]
        if at is not None:
            yield at, {"type": "cancel"}
        for name in self.guesses.signals():
            if self._choose(f"signal:{name}", 2) == 0:
                yield 30 * MINUTE, {"type": "signal", "name": name, "payload": {}}

    def effect(self, action: Command) -> Effect:
        step = self._step(action)
        name = self._named(step)
        effect = _EFFECTS[self._choose(f"{name}:effect", len(_EFFECTS))]
        if effect.outcome != "done" or not isinstance(step, Action):
            return effect
        options = self.guesses.outputs(step.out, self._program(action))
        output = {
            key: self._pick(f"{name}:out:{key}", key, values) for key, values in options.items()
        }
        return Effect(output=output)

    def joins(self, call: Command) -> str | None:
        name = self._named(self._step(call))
        return _JOINED[self._choose(f"{name}:join", len(_JOINED), usual=_ALONE)]

    def reply(self, question: Command) -> Reply:
        step = self._step(question)
        name = self._named(step)
        timed = step.deadline is not None or step.timeout > 0
        late = timed and self._choose(f"{name}:late", 2) == 1
        options = self._answers(question)
        answer = options[self._choose(f"{name}:{question['kind']}", len(options))]
        asked = question.get("questions") or {} if question["kind"] == "task" else {}
        values = {}
        for key, one in asked.items():
            guessed = self.guesses.values(key, one)
            if guessed:
                values[key] = self._pick(f"{name}:ask:{key}", key, guessed)
        return Reply(answer, values, _LATE if late else _SOON)

    @staticmethod
    def _answers(question: Command) -> Sequence[str]:
        match question["kind"]:
            case "task":
                return ("done", "impossible", "unknown")
            case "decide":
                return [str(choice) for choice in question["choices"]]
            case "review":
                return ("go_on", "again")
            case "verify":
                return ("done", "not_done")
        return ("agree", "refuse")

    def _pick(self, key: str, name: str, values: Sequence[Any]) -> Any:
        """Return one of `values`: for a variable that is aimed at, the one it needs."""
        if name in self.plan.aimed and self.plan.aimed[name] in values:
            self.chosen[key] = values.index(self.plan.aimed[name])
            return self.plan.aimed[name]
        return values[self._choose(key, len(values))]

    def _choose(self, key: str, options: int, usual: float = _USUAL) -> int:
        """Return which of so many options is taken; the first is the usual one."""
        if self.plan.given and key in self.plan.given:
            picked = min(self.plan.given[key], options - 1)
        elif (always := habit(key)) in self.plan.habits:
            picked = self.plan.habits[always] % options
        elif self.plan.given is None or self.dice.random() < usual:
            picked = 0
        else:
            picked = self.dice.randrange(options)
        self.chosen[key] = picked
        return picked

    def _program(self, command: Command) -> Program:
        for program in self.guesses.programs:
            if command["step"] in program.steps:
                return program
        raise KeyError(command["step"])

    def _step(self, command: Command) -> Step:
        return self._program(command).steps[command["step"]]

    def _named(self, step: Step) -> str:
        """Return the step's key with the number of times it was come to before."""
        self.times[step.id] += 1
        return f"{step.key}:{self.times[step.id]}"

"""What people, machines and the case might say: a short list for each, the usual first."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cyberdesk.desk.playbooks.conditions import Condition
from cyberdesk.desk.playbooks.conditions.tree import Comparison, leaves
from cyberdesk.desk.playbooks.language.vocabulary import BUILT_IN
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.simulate import BEGIN
from cyberdesk.desk.playbooks.steps import If, Step, Switch, Wait, While
from cyberdesk.desk.playbooks.values import Variable

_FACTS = {
    "case.organisation": "Val-Modèle",
    "case.reference": "CD-7K4-92M",
    "case.aware_at": "2026-11-23T06:43:00Z",
    "case.declared_at": "2026-11-23T07:40:00Z",
}
_MOST = 12
_TEXT = {
    "uri": "https://example.org/",
    "ipv4-addr": "192.0.2.7",
    "ipv6-addr": "2001:db8::7",
    "mac-addr": "00:00:5e:00:53:07",
    "md5-hash": "d41d8cd98f00b204e9800998ecf8427e",
    "sha256-hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "uuid": "9b2f1c1e-3c50-4a55-9d5b-0b6d9a3f7a10",
}


class Guesses:
    """Values worth trying for the variables of some playbooks: what their conditions speak of."""

    def __init__(self, programs: Iterable[Program]) -> None:
        self.programs = list(programs)
        self.spoken: dict[str, dict[Any, None]] = {}
        for program in self.programs:
            for step in program.steps.values():
                if isinstance(step, If | While) and step.condition is not None:
                    self._note(step.condition)
                elif isinstance(step, Switch):
                    self.spoken.setdefault(step.variable, {}).update(dict.fromkeys(step.cases))

    def facts(self) -> Iterator[tuple[str, str, list[Any]]]:
        """Yield every fact that a playbook reads, the variable, and what the case might tell."""
        seen: set[str] = set()
        for program in self.programs:
            for variable in program.variables.values():
                if variable.fact and variable.fact not in seen:
                    seen.add(variable.fact)
                    yield variable.fact, variable.name, self._told(variable)

    def tried(self, name: str) -> list[Any]:
        """Return values worth trying for a variable, whatever asks for it; None is the unknown."""
        declared = [p.variables[name] for p in self.programs if name in p.variables]
        kind = {"type": declared[0].type, "choices": declared[0].choices} if declared else {}
        return self.values(name, kind)

    def inputs(self, program: Program) -> Iterator[tuple[str, list[Any]]]:
        """Yield the variables that only a caller can give, with what it might."""
        written = {name for step in program.steps.values() for name in _written(step)}
        for variable in program.variables.values():
            open_still = variable.default is None and variable.fact is None
            silent = variable.name not in written and variable.name not in BUILT_IN
            if variable.asked or (open_still and silent):
                kind = {"type": variable.type, "choices": variable.choices}
                yield variable.name, self.values(variable.name, kind)

    def signals(self) -> list[str]:
        """Return the names of the signals that are waited for."""
        steps = (step for program in self.programs for step in program.steps.values())
        return sorted({s.signal for s in steps if isinstance(s, Wait) and s.signal})

    def outputs(self, step_out: Mapping[str, str], program: Program) -> dict[str, list[Any]]:
        """Return what each field of an action's result, or of a signal, might hold."""
        variables = program.variables
        return {
            field: self.values(name, {"type": variables[name].type})
            for name, field in step_out.items()
            if name in variables
        }

    def values(self, name: str, question: Mapping[str, Any]) -> list[Any]:
        """Return answers to a question; the last is "I do not know" where that is allowed."""
        kind = question.get("type", "string")
        found = [*self._of_kind(kind, name, question)][:_MOST]
        return [*found, None] if question.get("unknown") != "refused" else found

    def _told(self, variable: Variable) -> list[Any]:
        usual = _FACTS.get(variable.fact or "")
        guessed = self.values(variable.name, {"type": variable.type, "choices": variable.choices})
        return [usual, *guessed] if usual is not None else guessed

    def _of_kind(self, kind: str, name: str, question: Mapping[str, Any]) -> Iterator[Any]:
        spoken = list(self.spoken.get(name, ()))
        match kind:
            case "bool":
                yield from (True, False)
            case "choice":
                yield from question.get("choices") or spoken
            case "integer" | "float" | "long":
                yield from _numbers(spoken, question)
            case "datetime":
                yield from _instants(spoken)
            case _:
                yield from (one for one in spoken if isinstance(one, str))
                yield _TEXT.get(kind, "quelques mots")

    def _note(self, condition: Condition) -> None:
        for leaf in leaves(condition):
            if isinstance(leaf, Comparison):
                self.spoken.setdefault(leaf.variable, {}).update(dict.fromkeys(leaf.literals))


def _written(step: Step) -> Iterator[str]:
    yield from getattr(step, "ask", {})
    yield from getattr(step, "out", {})


def _numbers(spoken: Iterable[Any], question: Mapping[str, Any]) -> Iterator[Any]:
    least, most = question.get("min"), question.get("max")
    plain = [n for n in spoken if isinstance(n, int | float) and not isinstance(n, bool)]
    tried = [n + step for n in plain for step in (1, 0, -1)] or [3]
    for number in dict.fromkeys([*tried, 0]):
        if (least is None or number >= least) and (most is None or number <= most):
            yield number


def _instants(spoken: Iterable[Any]) -> Iterator[str]:
    plain = [one for one in spoken if isinstance(one, datetime)]
    tried = [one + timedelta(days=step) for one in plain for step in (1, 0, -1)]
    for one in [BEGIN + timedelta(days=2), *tried]:
        yield one.astimezone(UTC).isoformat().replace("+00:00", "Z")

"""What steps and their ways are called on the page, in the language of the moment."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cyberdesk.core.text import _, bilingual, language
from cyberdesk.core.web.formatting import duration
from cyberdesk.desk.connectors.service import action_named
from cyberdesk.desk.playbooks.conditions import variables
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.shown.conditions import labels, spoken, value_of
from cyberdesk.desk.playbooks.steps import (
    Action,
    Call,
    End,
    If,
    Parallel,
    Start,
    Step,
    Switch,
    Task,
    Wait,
    While,
)
from cyberdesk.desk.playbooks.texts import Text, fill
from cyberdesk.desk.playbooks.values import Value

_WAYS = {
    "true": _("Yes"),
    "false": _("No"),
    "default": _("Otherwise"),
    "round": _("Each time"),
    "undecided": _("If that is not known"),
    "impossible": _("If that is not possible here"),
    "unknown": _("If nobody knows"),
    "breach": _("If the time passes"),
    "timeout": _("If it takes too long"),
    "failure": _("If it fails"),
    "undo": _("If the playbook is cancelled"),
}
_HOUSE_ACTS = {
    "case.message": _("Write to the commune"),
    "case.note": _("Leave a note for the desk"),
    "case.escalate": _("Call for the lead"),
}


class Speaker:
    """Says the steps of one program; `values` fill its texts, `called` are titles by hash."""

    def __init__(
        self,
        program: Program,
        values: Mapping[str, Value] | None = None,
        called: Mapping[str, Text] | None = None,
    ) -> None:
        self.program = program
        self.called = called or {}
        self.labels = labels(program)
        self.values: Mapping[str, Value]
        self.values = values if values is not None else _blanks(program, self.labels)

    def title(self, step: Step) -> str:
        """Return what the step is called: by its author, else by what it does."""
        told = self._own(step)
        named = bilingual(step.title) not in (step.key, getattr(step, "action", ""), "")
        return told or (self.fill(step.title) if named else self._untitled(step))

    def _own(self, step: Step) -> str:
        """What is said better by the step itself than by any title it was given."""
        match step:
            case Wait():
                return self._wait(step)
            case Call():
                return bilingual(self.called.get(step.pinned))
            case Start():
                return str(_("The playbook begins"))
            case End():
                outcome = self.program.outcomes.get(step.outcome) or step.outcome
                return str(_("End: %(outcome)s", outcome=bilingual(outcome)))
        return ""

    def _untitled(self, step: Step) -> str:
        match step:
            case If() | While():
                return self.condition(step)
            case Switch():
                return str(_("It depends: %(what)s", what=self.label(step.variable)))
            case Parallel():
                return str(_("At the same time"))
            case Action():
                return self._action(step)
        return self.fill(step.title)

    def fill(self, text: Any) -> str:
        return fill(bilingual(text), self.values, language())

    def label(self, variable: str) -> str:
        return bilingual(self.labels.get(variable)) or variable.replace("_", " ")

    def way(self, step: Step, why: str) -> str:
        """Say a way out of `step`: `case:mail` by the choice's own words."""
        kind, _sep, value = why.partition(":")
        if kind == "case" and isinstance(step, Switch):
            return value_of(self.program, step.variable, value)
        return "" if kind == "strand" else str(_WAYS.get(kind, why))

    def decided_by(self, step: Step) -> list[str]:
        """Return the variables on which a step's way depends."""
        match step:
            case If() | While():
                return variables(step.condition) if step.condition else []
            case Switch():
                return [step.variable]
        return []

    def condition(self, step: If | While) -> str:
        if step.condition is None:
            return step.source
        said = spoken(self.program, step.condition, self.label)
        if isinstance(step, While):
            return str(_("As long as: %(condition)s", condition=said))
        return said

    def _wait(self, step: Wait) -> str:
        if step.named:
            return self.fill(step.title)
        if step.signal:
            return str(_("Wait for the signal “%(signal)s”", signal=step.signal))
        if step.until:
            return str(_("Wait until: %(moment)s", moment=self.label(step.until)))
        return str(_("Wait %(time)s", time=duration(timedelta(milliseconds=step.length))))

    def _action(self, step: Action) -> str:
        if step.action in _HOUSE_ACTS:
            return str(_HOUSE_ACTS[step.action])
        found = action_named(step.action)
        if found is None:
            return step.action
        installed, action = found
        return f"{bilingual(installed.manifest.title)} : {bilingual(action.title)}"


def kind_of(step: Step) -> str:
    """Name what a step is, for its icon: task, action, wait, choice, loop, strands, call, end."""
    return _KINDS.get(type(step), "task")


_KINDS = {
    Task: "task",
    Action: "action",
    Wait: "wait",
    If: "choice",
    Switch: "choice",
    While: "loop",
    Parallel: "strands",
    Call: "call",
    End: "end",
}


def _blanks(program: Program, labels: Mapping[str, Any]) -> dict[str, Value]:
    """Return what stands for each variable where nothing is known yet: its question, as a blank."""
    asked = {name: bilingual(labels.get(name)) or name for name in program.variables}
    blanks: dict[str, Value] = {name: f"[{question}]" for name, question in asked.items()}
    return blanks | {"organisation": str(_("the commune"))}


def sweep_name(code: str) -> str:
    """Say what a sweep of the house does."""
    return str(_SWEEPS.get(code, code))


_SWEEPS = {
    "outbox": _("Wake workers for what is due"),
    "outbox-clock": _("Bring forward what a clock set back would put off"),
    "outbox-leases": _("Take deliveries back from workers that are gone"),
    "connectors:look": _("Look whether something came in"),
    "journal:forward": _("Hand the journal on to where it is collected"),
    "outbox-old": _("Forget old deliveries"),
    "playbooks:timers": _("Timers of playbooks"),
    "playbooks:recover": _("Work whose worker is gone"),
    "cases:rank": _("Places in the queue"),
    "clocks:remind": _("Reminders of deadlines"),
    "clocks:breach": _("Deadlines that have passed"),
    "journal": _("Places in the journal"),
    "journal-checkpoint": _("Signature of the journal"),
    "journal-verify": _("Verification of the journal"),
    "journal-refusals": _("Old counts of refusals"),
    "keys": _("Keys wrapped anew"),
    "files-sweep": _("Files that nothing names any more"),
    "files-verify": _("Files that are due for a check"),
    "access:answers": _("Answers kept for programs"),
    "access:tokens": _("Letters about tokens that end"),
    "declarations:stale": _("Declarations left half-way"),
}

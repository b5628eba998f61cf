"""A run as the case page shows it: how it stands, what it waits for, and its playbooks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cyberdesk.core.text import Text, _, bilingual
from cyberdesk.desk.playbooks.engine import Reason, reasons
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.program import Program
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.shown.lines import Composer, Part
from cyberdesk.desk.playbooks.shown.plan import plan_of
from cyberdesk.desk.playbooks.shown.states import Stand, States
from cyberdesk.desk.playbooks.shown.words import Speaker
from cyberdesk.desk.playbooks.steps import Step
from cyberdesk.desk.playbooks.why import sentence
from cyberdesk.desk.tasks.models import OPEN, Task

EntryHref = Callable[[Run, int], str]

STATUSES: Mapping[str, tuple[Text, str, str]] = {
    "new": (_("Begins"), "info", "player-play"),
    "running": (_("Under way"), "info", "player-play"),
    "paused": (_("Paused"), "serious", "player-pause"),
    "cancelling": (_("Being cancelled"), "serious", "ban"),
    "completed": (_("Finished"), "good", "check"),
    "failed": (_("Could not finish"), "critical", "alert"),
    "cancelled": (_("Cancelled"), "neutral", "ban"),
}
# Why the house itself ended a run.
_ENDINGS = {
    "case-closed": _("the case was closed"),
    "case-merged": _("the case goes on in another one"),
    "runaway": _("it turned without end and was stopped"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that a run waits for; `task` is the question that a person can answer."""

    title: str
    sentence: str
    tone: str
    href: str | None
    task: Task | None
    icon: str = "hourglass"
    signal: str = ""  # what a person, or a program, can say has come in


@dataclass(frozen=True, slots=True)
class Section:
    """One playbook of the run: its own, or one that it called."""

    id: str
    title: str
    called: bool
    version: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class RunView:
    """A run, ready to be drawn."""

    run: Run
    waiting: list[Waiting]
    sections: list[Section]
    done: int
    total: int

    @property
    def status(self) -> tuple[Text, str, str]:
        return STATUSES[self.run.status]

    @property
    def ending(self) -> str:
        """Say how the run ended."""
        return ending_of(self.run)


def ending_of(run: Run) -> str:
    code = run.outcome or ""
    known = shelf[run.hash].outcomes.get(code)
    return bilingual(known) if known else str(_ENDINGS.get(code, ""))


def view_run(run: Run, href: EntryHref) -> RunView:
    states = States(run)
    sections = [_section(states, name, href) for name in states.contexts()]
    parts = [part for section in sections for part in section.parts]
    return RunView(
        run=run,
        waiting=list(waiting(states, href)),
        sections=sections,
        done=sum(part.done for part in parts),
        total=sum(part.total for part in parts),
    )


def waiting(states: States, href: EntryHref) -> Iterator[Waiting]:
    """Yield what the run waits for: a pause first, then what is late, then the oldest."""
    for reason in reasons(shelf, states.state):
        if not reason.path:
            yield Waiting("", str(sentence(reason)), "serious", None, None, "player-pause")
    for stand in states.waiting():
        assert stand.reason is not None
        yield _waiting(states, stand, stand.reason, href)


def _waiting(states: States, stand: Stand, reason: Reason, href: EntryHref) -> Waiting:
    ours = reason.detail in ("responder", "lead")
    tone = "severe" if reason.late or reason.kind == "verify" else "serious" if ours else "info"
    return Waiting(
        title=speaker_of(states, states.state["steps"][stand.path]["ctx"]).title(
            step_of(states, stand.path)
        ),
        sentence=str(sentence(reason)),
        tone=tone,
        href=href(states.run, stand.entry) if stand.entry is not None else None,
        task=stand.task if stand.task is not None and stand.task.state == OPEN else None,
        signal=states.state["steps"][stand.path].get("signal") or "",
    )


def program_of(states: States, context: str) -> Program:
    return shelf[states.state["contexts"][context]["program"]]


def step_of(states: States, path: str) -> Step:
    one = states.state["steps"][path]
    return program_of(states, one["ctx"]).steps[one["step"]]


def speaker_of(states: States, context: str) -> Speaker:
    """Say the steps of a playbook of this run with what is known in it."""
    program = program_of(states, context)
    values: Mapping[str, Any] = states.state["contexts"][context]["vars"]
    return Speaker(program, values, called_by(program))


def called_by(program: Program) -> dict[str, Any]:
    """Return the titles of the playbooks that `program` calls, by hash."""
    return {hash_: shelf[hash_].title for hash_ in program.pinned() if hash_ in shelf}


def _section(states: States, context: str, href: EntryHref) -> Section:
    program = program_of(states, context)
    anchor = f"{states.run.id.hex[-6:]}-{_short(states, context)}"
    composer = Composer(
        plan_of(program.hash),
        speaker_of(states, context),
        lambda step: states.of(context, step.id),
        lambda _step, stand: href(states.run, stand.entry) if stand.entry is not None else None,
        anchor=anchor,
        running=True,
        called_off=states.run.status == "cancelled",
    )
    return Section(
        id=f"{anchor}playbook",
        title=bilingual(program.title),
        called=bool(context),
        version=program.hash,
        parts=composer.parts(),
    )


def _short(states: States, context: str) -> str:
    """Name a called playbook by the coming that called it."""
    return f"{states.state['steps'][context]['entry']}-" if context in states.state["steps"] else ""

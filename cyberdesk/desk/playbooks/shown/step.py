"""One step of a run, told in full: what it asked, what came of it, what follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from cyberdesk.core.access import Actor
from cyberdesk.core.db import session
from cyberdesk.core.text import Text, _
from cyberdesk.desk.connectors.reasons import Words
from cyberdesk.desk.playbooks.graph import edges
from cyberdesk.desk.playbooks.models import Run, StepInstance
from cyberdesk.desk.playbooks.shown.attempts import Attempt, attempts_of
from cyberdesk.desk.playbooks.shown.conditions import value_of
from cyberdesk.desk.playbooks.shown.failures import said, words_for
from cyberdesk.desk.playbooks.shown.run import program_of, speaker_of, step_of
from cyberdesk.desk.playbooks.shown.states import Stand, States
from cyberdesk.desk.playbooks.shown.words import Speaker, kind_of
from cyberdesk.desk.playbooks.steps import Action, End, If, Start, Step, Switch, While
from cyberdesk.desk.playbooks.why import sentence
from cyberdesk.desk.tasks import audience
from cyberdesk.desk.tasks.models import Task
from cyberdesk.desk.tasks.view import TaskView
from cyberdesk.desk.tasks.view import view as view_task


@dataclass(frozen=True, slots=True)
class Follows:
    """A way out of a step and where it leads; `taken` when the run went there."""

    when: str
    title: str
    taken: bool


@dataclass(frozen=True, slots=True)
class StepView:
    """What the page of a step shows. `asked` are its questions to people, oldest first.

    `failed` are our words for what went wrong, `heard` the other side's own.
    """

    title: str
    kind: str
    stand: Stand
    sentence: str
    failed: Words
    heard: str
    due: datetime | None
    playbook: Mapping[str, str]
    asked: Sequence[TaskView]
    attempts: Sequence[Attempt]
    condition: str
    known: Sequence[tuple[str, str]]
    action: str
    follows: Sequence[Follows]
    history: Sequence[StepInstance]


def view_step(actor: Actor, run: Run, states: States, path: str) -> StepView:
    step, stand = step_of(states, path), states.at(path)
    context = states.state["steps"][path]["ctx"]
    speaker = speaker_of(states, context)
    due = states.state["steps"][path].get("due")
    return StepView(
        title=speaker.title(step),
        kind=kind_of(step),
        stand=stand,
        sentence=str(sentence(stand.reason)) if stand.reason else "",
        failed=words_for(stand.failure.get("code", ""), stand.failure.get("message", "")),
        heard=said(stand.failure),
        due=datetime.fromtimestamp(due / 1000, UTC) if due else None,
        playbook=program_of(states, context).title,
        asked=[view_task(actor, task) for task in _asked(actor, run, path)],
        attempts=attempts_of(run, path) if isinstance(step, Action) else (),
        condition=_condition(speaker, step),
        known=list(_known(states, context, speaker, step)),
        action=step.action if isinstance(step, Action) else "",
        follows=list(_follows(states, context, speaker, stand, step)),
        history=_history(run, path),
    )


def _asked(actor: Actor, run: Run, path: str) -> list[Task]:
    wanted = select(Task).where(Task.run_id == run.id, Task.path == path).order_by(Task.ticket)
    return [task for task in session().scalars(wanted) if audience.sees(actor, task)]


def _history(run: Run, path: str) -> Sequence[StepInstance]:
    """Return every coming to this step; the state forgets rounds that are over."""
    wanted = select(StepInstance).where(StepInstance.run_id == run.id, StepInstance.path == path)
    return session().scalars(wanted.order_by(StepInstance.entry)).all()


def _condition(speaker: Speaker, step: Step) -> str:
    match step:
        case If() | While():
            return speaker.condition(step)
        case Switch():
            return speaker.label(step.variable)
    return ""


def _known(states: States, context: str, speaker: Speaker, step: Step) -> list[tuple[str, str]]:
    """Return what the run knows of what decides the step."""
    values = states.state["contexts"][context]["vars"]
    return [
        (speaker.label(name), _value(speaker, name, values.get(name)))
        for name in speaker.decided_by(step)
    ]


def _value(speaker: Speaker, name: str, value: Any) -> str:
    return str(_("not known")) if value is None else value_of(speaker.program, name, value)


def _follows(
    states: States, context: str, speaker: Speaker, stand: Stand, step: Step
) -> list[Follows]:
    steps, ways = speaker.program.steps, list(edges(step))
    found = []
    for edge in ways:
        to = steps.get(edge.end)
        if to is None or (isinstance(to, End) and not to.final) or isinstance(to, Start):
            continue
        when = str(_("Then")) if edge.why == "next" else speaker.way(step, edge.why)
        beside = [one.why for one in ways if one.end == edge.end]
        taken = states.of(context, to.id).begun and _was_taken(stand, edge.why, beside)
        found.append(Follows(when or str(_("At the same time")), speaker.title(to), taken))
    return found


def _was_taken(stand: Stand, why: str, beside: Sequence[str]) -> bool:
    """Of several ways to one step, that of the answer was taken, or the usual one."""
    chosen = "failure" if stand.status == "failed" else stand.answer
    if chosen not in beside:
        chosen = "next"
    return chosen not in beside or why == chosen


def history_word(status: str) -> Text:
    return _HISTORY.get(status, _("Under way"))


_HISTORY = {
    "done": _("Done"),
    "failed": _("Failed"),
    "skipped": _("Skipped"),
    "withdrawn": _("No longer needed"),
}

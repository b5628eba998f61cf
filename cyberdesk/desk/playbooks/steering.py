"""What a person may do to a run, and to one of its steps: words, form and service of each act."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.text import Text, _
from cyberdesk.desk.playbooks import service
from cyberdesk.desk.playbooks.engine import Command, advance
from cyberdesk.desk.playbooks.forms import ReasonForm, SteerForm, VerifyForm
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import Task

Do = Callable[[Actor, Run, Any], object]
DoStep = Callable[[Actor, Run, str, Any], object]


@dataclass(frozen=True, slots=True)
class RunAct:
    """Something to do to a whole run, at `/desk/runs/<id>/do/<name>`."""

    name: str
    title: Text
    explained: Text
    done: Text
    icon: str
    may: str
    form: Callable[[], SteerForm]
    do: Do
    shown: Callable[[Run], bool]
    danger: bool = False


@dataclass(frozen=True, slots=True)
class StepAct:
    """Something to do to a step, at `/desk/runs/<id>/steps/<entry>/<name>`.

    Whether it can be done is asked of the engine itself, on a copy of the state.
    """

    name: str
    title: Text
    explained: Text
    done: Text
    icon: str
    may: str
    form: Callable[[], SteerForm]
    do: DoStep


def _reason(form: Any) -> str:
    return str(form.reason.data or "")


RUN_ACTS = (
    RunAct(
        name="pause",
        title=_("Pause the playbook"),
        explained=_("Answers are still taken. Nothing new begins and no deadline is escalated."),
        done=_("The playbook is paused."),
        icon="player-pause",
        may="run:pause",
        form=ReasonForm,
        do=lambda actor, run, form: service.pause(actor, run, reason=_reason(form)),
        shown=lambda run: run.status == "running",
    ),
    RunAct(
        name="resume",
        title=_("Let the playbook go on"),
        explained=_("What was held begins at once, and deadlines count again."),
        done=_("The playbook goes on."),
        icon="player-play",
        may="run:pause",
        form=SteerForm,
        do=lambda actor, run, _form: service.resume(actor, run),
        shown=lambda run: run.status == "paused",
    ),
    RunAct(
        name="settle",
        title=_("Try nothing more"),
        explained=_("What failed stays failed and visible. It no longer waits for a person."),
        done=_("Noted: nothing more is tried."),
        icon="check",
        may="run:settle",
        form=ReasonForm,
        do=lambda actor, run, form: service.settle(actor, run, reason=_reason(form)),
        shown=lambda run: run.dead > 0 and run.settled_at is None,
    ),
    RunAct(
        name="cancel",
        title=_("Cancel the playbook"),
        explained=_(
            "Open tasks are withdrawn, what has not left is called back, and what the playbook "
            "knows how to undo is undone. It cannot be taken up again."
        ),
        done=_("The playbook is cancelled."),
        icon="ban",
        may="run:cancel",
        form=ReasonForm,
        do=lambda actor, run, form: service.cancel(actor, run, reason=_reason(form)),
        shown=lambda run: run.status in ("running", "paused"),
        danger=True,
    ),
)
STEP_ACTS = (
    StepAct(
        name="retry",
        title=_("Try again now"),
        explained=_("The step is tried once more, without waiting."),
        done=_("It is tried again."),
        icon="refresh",
        may="run:retry",
        form=SteerForm,
        do=lambda actor, run, path, _form: service.retry(actor, run, path=path),
    ),
    StepAct(
        name="skip",
        title=_("Skip this step"),
        explained=_("The playbook goes on as if the step were done."),
        done=_("The step is skipped."),
        icon="player-skip-forward",
        may="run:skip",
        form=ReasonForm,
        do=lambda actor, run, path, form: service.skip(actor, run, path=path, reason=_reason(form)),
    ),
    StepAct(
        name="redo",
        title=_("Take up again from here"),
        explained=_("The step is done again, and so is what follows it."),
        done=_("Taken up again from this step."),
        icon="arrow-left",
        may="run:redo",
        form=ReasonForm,
        do=lambda actor, run, path, form: service.redo(actor, run, path=path, reason=_reason(form)),
    ),
)


def run_acts(actor: Actor, run: Run) -> list[RunAct]:
    """Return what `actor` can do to the run as it stands."""
    if not run.case.is_open:
        return []
    place = run.place()
    return [act for act in RUN_ACTS if act.shown(run) and actor.may(act.may, place)]


def step_acts(actor: Actor, run: Run, path: str) -> list[StepAct]:
    """Return what `actor` can do to the step at `path` as it stands."""
    if not run.case.is_open:
        return []
    place = run.place()
    mine = [act for act in STEP_ACTS if actor.may(act.may, place)]
    return [act for act in mine if rehearse(run, act.name, path) is not None]


def rehearse(run: Run, kind: str, path: str) -> list[Command] | None:
    """Return what the act would bring about, on a copy; None when the engine would not take it."""
    _state, commands = advance(shelf, run.state, {"type": kind, "path": path}, clock.now())
    return None if any(c["do"] == "ignored" for c in commands) else commands


def withdrawn(commands: list[Command]) -> list[str]:
    """Return the paths of the steps that would be withdrawn, in their order."""
    found = [c["path"] for c in commands if c["do"] == "step" and c["status"] == "withdrawn"]
    return list(dict.fromkeys(found))


def verify(actor: Actor, task: Task, form: VerifyForm) -> Task:
    """Say whether an effect of unknown outcome happened: the answer to its question."""
    return tasks.answer(actor, task, answer=form.answer.data, words=_reason(form))

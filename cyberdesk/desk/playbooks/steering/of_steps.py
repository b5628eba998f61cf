"""What a person may do to one step of a run."""

from typing import Any

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.text import _
from cyberdesk.desk.playbooks import service
from cyberdesk.desk.playbooks.engine import Command, advance
from cyberdesk.desk.playbooks.forms import SteerForm, VerifyForm
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.shelf import shelf
from cyberdesk.desk.playbooks.steering.act import StepAct
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import Task

STEP_ACTS = (
    StepAct(
        name="retry",
        title=_("Try again now"),
        explained=_("The step is tried once more, without waiting."),
        done=_("It is tried again."),
        icon="refresh",
        may="run:retry",
        service=service.retry,
        form=SteerForm,
    ),
    StepAct(
        name="skip",
        title=_("Skip this step"),
        explained=_("The playbook goes on as if the step were done."),
        done=_("The step is skipped."),
        icon="player-skip-forward",
        may="run:skip",
        service=service.skip,
    ),
    StepAct(
        name="redo",
        title=_("Take up again from here"),
        explained=_("The step is done again, and so is what follows it."),
        done=_("Taken up again from this step."),
        icon="arrow-left",
        may="run:redo",
        service=service.redo,
    ),
)


def _verify(actor: Actor, _run: Run, *, task: Task, answer: str, reason: str) -> Any:
    """Say whether an effect of unknown outcome happened: the answer to its question."""
    return tasks.answer(actor, task, answer=answer, words=reason)


VERIFY = StepAct(
    name="verify",
    title=_("Say whether it happened"),
    explained=_("Look on the other side first: what is said here decides how it goes on."),
    done=_("Noted. The playbook goes on."),
    icon="eye",
    may="task:answer",
    service=_verify,
    form=VerifyForm,
)


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

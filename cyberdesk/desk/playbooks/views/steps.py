"""The page of one step of a run, and the acts on it."""

from typing import Any
from uuid import UUID

from flask import render_template

from cyberdesk.core.errors import ConflictError, NotFoundError
from cyberdesk.core.text import _
from cyberdesk.core.web.acting import Answer
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.playbooks import steering
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.shown.run import speaker_of, step_of
from cyberdesk.desk.playbooks.shown.states import States
from cyberdesk.desk.playbooks.shown.step import history_word, view_step
from cyberdesk.desk.playbooks.steering import STEP_ACTS, VERIFY, StepAct
from cyberdesk.desk.playbooks.views.door import back_to, door, reached, step_address
from cyberdesk.desk.playbooks.views.runs import perform
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import OPEN, Task


@door.get("/runs/<uuid:run_id>/steps/<int:entry>", may="run:read", endpoint="step")
def show(run_id: UUID, entry: int) -> str:
    run = reached(run_id)
    states, path = _found(run, entry)
    return render_template(
        "playbooks/step.html",
        run=run,
        case=run.case,
        entry=entry,
        one=view_step(actor(), run, states, path),
        acts=steering.step_acts(actor(), run, path),
        signal=states.state["steps"][path].get("signal"),
        verify=_to_verify(states, path),
        history_word=history_word,
        back=back_to(run),
    )


def _open(one: StepAct) -> None:
    def view(run_id: UUID, entry: int) -> Answer:
        run = reached(run_id)
        states, path = _found(run, entry)
        return perform(one, run, shown=_shown(states, one, path), path=path)

    rule = f"/runs/<uuid:run_id>/steps/<int:entry>/{one.name}"
    door.both(rule, may=one.may, endpoint=f"step_{one.name}")(view)


for _one in STEP_ACTS:
    _open(_one)


@door.both(
    "/runs/<uuid:run_id>/steps/<int:entry>/verify", may="task:answer", endpoint="step_verify"
)
def verify(run_id: UUID, entry: int) -> Answer:
    """Say whether an effect happened of which nobody knows."""
    run = reached(run_id)
    states, path = _found(run, entry)
    held = _to_verify(states, path)
    if held is None:
        raise ConflictError(_("Nobody is asked whether this happened, or somebody has said it."))
    task = tasks.access_task(actor(), held.id)
    return perform(VERIFY, run, shown=_shown(states, VERIFY, path), task=task)


def _found(run: Run, entry: int) -> tuple[States, str]:
    """Return the states of the run and the path of one of its steps."""
    states = States(run)
    path = states.path_of(entry)
    if path is None:
        raise NotFoundError(_("This step is no longer there: the playbook came to it again."))
    return states, path


def _to_verify(states: States, path: str) -> Task | None:
    task = states.at(path).task
    return task if task and task.kind == "verify" and task.state == OPEN else None


def _shown(states: States, act: StepAct, path: str) -> dict[str, Any]:
    """What the page of an act says of its step."""
    one = states.state["steps"][path]
    here = step_address(states.run, one["entry"])
    title = speaker_of(states, one["ctx"]).title(step_of(states, path))
    return {"step": title, "lost": _lost(states, act, path), "back": here, "step_href": here}


def _lost(states: States, act: StepAct, path: str) -> list[str]:
    """Return the titles of the steps that the act would take back."""
    commands = steering.rehearse(states.run, act.name, path) if act is not VERIFY else None
    titles = []
    for gone in steering.withdrawn(commands or []):
        if gone in states.state["steps"]:
            speaker = speaker_of(states, states.state["steps"][gone]["ctx"])
            titles.append(speaker.title(step_of(states, gone)))
    return list(dict.fromkeys(titles))

"""The page of one step of a run, and the acts on it."""

from http import HTTPStatus
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from cyberdesk.core.db import session
from cyberdesk.core.db.work import doom
from cyberdesk.core.errors import ConflictError, InvalidError, NotFoundError, RefusalError
from cyberdesk.core.text import _
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.playbooks import steering
from cyberdesk.desk.playbooks.forms import SteerForm, VerifyForm
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.shown.run import speaker_of, step_of
from cyberdesk.desk.playbooks.shown.states import States
from cyberdesk.desk.playbooks.shown.step import history_word, view_step
from cyberdesk.desk.playbooks.steering import STEP_ACTS, StepAct
from cyberdesk.desk.playbooks.views.door import back_to, door, reached, step_address
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import OPEN, Task

Answer = Response | str | tuple[str, int]


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
        verify=_to_verify(states, path),
        history_word=history_word,
        back=back_to(run),
    )


def _open(act: StepAct) -> None:
    def view(run_id: UUID, entry: int) -> Answer:
        return _act(reached(run_id), entry, act)

    rule = f"/runs/<uuid:run_id>/steps/<int:entry>/{act.name}"
    door.both(rule, may=act.may, endpoint=f"step_{act.name}")(view)


for _one in STEP_ACTS:
    _open(_one)


def _act(run: Run, entry: int, act: StepAct) -> Answer:
    states, path = _found(run, entry)
    form = act.form()
    if not form.accepted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return _page(states, path, act, form), status
    try:
        act.do(actor(), run, path, form)
        session().flush()
    except (InvalidError, ConflictError) as refusal:
        return _again(states, path, act, form, refusal)
    flash(str(act.done), "success")
    return redirect(back_to(run))


@door.both(
    "/runs/<uuid:run_id>/steps/<int:entry>/verify", may="task:answer", endpoint="step_verify"
)
def verify(run_id: UUID, entry: int) -> Answer:
    """Say whether an effect happened of which nobody knows."""
    run = reached(run_id)
    states, path = _found(run, entry)
    held, form = _to_verify(states, path), VerifyForm()
    if held is None:
        raise ConflictError(_("Nobody is asked whether this happened, or somebody has said it."))
    if not form.accepted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return _page(states, path, VERIFY, form), status
    try:
        steering.verify(actor(), tasks.access_task(actor(), held.id), form)
        session().flush()
    except (InvalidError, ConflictError) as refusal:
        return _again(states, path, VERIFY, form, refusal)
    flash(str(VERIFY.done), "success")
    return redirect(back_to(run))


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


def _again(
    states: States, path: str, act: StepAct, form: SteerForm, refusal: RefusalError
) -> Answer:
    """Show the form again with what was typed and what is wrong; nothing was written."""
    doom()
    if isinstance(refusal, InvalidError):
        form.blame(refusal)
    return _page(states, path, act, form, refusal), refusal.status


def _page(
    states: States, path: str, act: StepAct, form: SteerForm, refusal: RefusalError | None = None
) -> str:
    run = states.run
    context = states.state["steps"][path]["ctx"]
    return render_template(
        "playbooks/act.html",
        run=run,
        case=run.case,
        act=act,
        step=speaker_of(states, context).title(step_of(states, path)),
        lost=_lost(states, act, path),
        form=form,
        refusal=refusal,
        back=step_address(run, states.state["steps"][path]["entry"]),
        step_href=url_for("playbooks.step", run_id=run.id, entry=states.at(path).entry),
    )


def _lost(states: States, act: StepAct, path: str) -> list[str]:
    """Return the titles of the steps that the act would take back."""
    commands = steering.rehearse(states.run, act.name, path) if act is not VERIFY else None
    titles = []
    for gone in steering.withdrawn(commands or []):
        if gone in states.state["steps"]:
            speaker = speaker_of(states, states.state["steps"][gone]["ctx"])
            titles.append(speaker.title(step_of(states, gone)))
    return list(dict.fromkeys(titles))


VERIFY = StepAct(
    name="verify",
    title=_("Say whether it happened"),
    explained=_("Look on the other side first: what is said here decides how it goes on."),
    done=_("Noted. The playbook goes on."),
    icon="eye",
    may="task:answer",
    form=VerifyForm,
    do=lambda _actor, _run, _path, _form: None,
)

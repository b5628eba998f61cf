"""Acts on a whole run, each on a page of its own with its reason."""

from http import HTTPStatus
from uuid import UUID

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from cyberdesk.core.db import session
from cyberdesk.core.db.work import doom
from cyberdesk.core.errors import ConflictError, InvalidError, RefusalError
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.playbooks.forms import SteerForm
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.steering import RUN_ACTS, RunAct
from cyberdesk.desk.playbooks.views.door import back_to, door, reached

Answer = Response | str | tuple[str, int]


@door.get("/runs/<uuid:run_id>", may="run:read", endpoint="run")
def show(run_id: UUID) -> Response:
    """A run has its place on the page of its case."""
    return redirect(back_to(reached(run_id)))


def _open(act: RunAct) -> None:
    """Give an act its route, with the permission that it needs."""

    def view(run_id: UUID) -> Answer:
        return _act(reached(run_id), act)

    door.both(f"/runs/<uuid:run_id>/do/{act.name}", may=act.may, endpoint=f"do_{act.name}")(view)


for _one in RUN_ACTS:
    _open(_one)


def _act(run: Run, act: RunAct) -> Answer:
    form = act.form()
    if not form.accepted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return _page(run, act, form), status
    try:
        act.do(actor(), run, form)
        session().flush()
    except (InvalidError, ConflictError) as refusal:
        doom()
        if isinstance(refusal, InvalidError):
            form.blame(refusal)
        return _page(run, act, form, refusal), refusal.status
    flash(str(act.done), "success")
    return redirect(back_to(run))


def _page(run: Run, act: RunAct, form: SteerForm, refusal: RefusalError | None = None) -> str:
    return render_template(
        "playbooks/act.html",
        run=run,
        case=run.case,
        act=act,
        form=form,
        refusal=refusal,
        back=back_to(run),
    )

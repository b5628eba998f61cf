"""Acts on a whole run, each on a page of its own with its reason."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from cyberdesk.core.errors import RefusalError
from cyberdesk.core.web.acting import Answer, act
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.steering import RUN_ACTS, Act
from cyberdesk.desk.playbooks.views.door import back_to, door, reached

_NOTHING: Mapping[str, Any] = {}


@door.get("/runs/<uuid:run_id>", may="run:read", endpoint="run")
def show(run_id: UUID) -> Response:
    """A run has its place on the page of its case."""
    return redirect(back_to(reached(run_id)))


def _open(one: Act) -> None:
    """Give an act its route, with the permission that it needs."""

    def view(run_id: UUID) -> Answer:
        return perform(one, reached(run_id))

    door.both(f"/runs/<uuid:run_id>/do/{one.name}", may=one.may, endpoint=f"do_{one.name}")(view)


for _one in RUN_ACTS:
    _open(_one)


def perform(
    one: Act,
    run: Run,
    *,
    shown: Mapping[str, Any] = _NOTHING,
    template: str = "playbooks/act.html",
    **of: Any,
) -> Answer:
    """Show the page of an act, or do it; `of` goes to its service, `shown` to its page."""
    form = one.form()

    def page(refusal: RefusalError | None) -> str:
        told = {"back": back_to(run), **shown}
        return render_template(
            template,
            run=run,
            case=run.case,
            act=one,
            form=form,
            refusal=refusal,
            **told,
        )

    def done(_found: object) -> Response:
        flash(str(one.done), "success")
        return redirect(back_to(run))

    return act(form, page=page, do=lambda: one.do(actor(), run, form, **of), done=done)

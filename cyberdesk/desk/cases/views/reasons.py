"""Two acts that ask for a reason and belong to no button of the case's head."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import _
from cyberdesk.core.web.acting import Answer, act
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.forms import GlassForm, ReasonForm
from cyberdesk.desk.cases.models import GlassBreak
from cyberdesk.desk.cases.views.door import address, door, reached


@door.both("/cases/<reference>/links/<uuid:link_id>/end", may="case:link", endpoint="end_link")
def end_link(reference: str, link_id: UUID) -> Answer:
    case, form = reached(reference), ReasonForm()
    found = [one for one in service.links_of(actor(), case) if one.id == link_id]
    if not found:
        raise NotFoundError
    return act(
        form,
        page=lambda _refusal: render_template(
            "cases/end_link.html", case=case, link=found[0], form=form
        ),
        do=lambda: service.unlink(actor(), found[0], reason=form.reason.data),
        done=lambda _link: redirect(address(case)),
    )


@door.both("/break-glass", may="case:break-glass", strong=True, endpoint="break_glass")
def break_glass() -> Answer:
    form = GlassForm()
    return act(
        form,
        page=lambda _refusal: render_template("cases/break_glass.html", form=form),
        do=lambda: service.break_glass(
            actor(), reference=form.reference.data, reason=form.reason.data
        ),
        done=_opened,
        refused=(),
    )


def _opened(opened: GlassBreak) -> Response:
    flash(str(_("The case is open to you for four hours. Its desk has been told.")), "warning")
    return redirect(url_for("cases.show", reference=opened.case.reference))

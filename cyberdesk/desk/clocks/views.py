"""Deadlines of a case on the desk: their law, doing them, setting them aside."""

from datetime import UTC, datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from cyberdesk.core import clock as time
from cyberdesk.core.text import _
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.formatting import ZONE, local
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.clocks import service
from cyberdesk.desk.clocks.forms import AwarenessForm, DoneForm, ExcludeForm
from cyberdesk.desk.clocks.models import Clock

door = Door("clocks", __name__, url_prefix="/desk", template_folder="templates")


@door.get("/clocks/<uuid:clock_id>", may="clock:read")
def show(clock_id: UUID) -> str:
    clock = service.access_clock(actor(), clock_id)
    return _page(clock, _done_form(), ExcludeForm())


@door.post("/clocks/<uuid:clock_id>/done", may="clock:done")
def done(clock_id: UUID) -> Response | tuple[str, int]:
    clock, form = service.access_clock(actor(), clock_id), DoneForm()
    if not form.accepted():
        return _page(clock, form, ExcludeForm()), 422
    service.complete(actor(), clock, at=_instant(form.at.data), proof=form.proof.data)
    flash(str(_("Noted, with its proof.")))
    return _back(clock)


@door.post("/clocks/<uuid:clock_id>/exclude", may="clock:exclude")
def exclude(clock_id: UUID) -> Response | tuple[str, int]:
    clock, form = service.access_clock(actor(), clock_id), ExcludeForm()
    if not form.accepted():
        return _page(clock, _done_form(), form), 422
    service.exclude(actor(), clock, reason=form.reason.data)
    flash(str(_("Set aside, with your reason.")))
    return _back(clock)


@door.post("/clocks/<uuid:clock_id>/resume", may="clock:exclude")
def resume(clock_id: UUID) -> Response:
    clock = service.access_clock(actor(), clock_id)
    service.resume(actor(), clock)
    return _back(clock)


@door.both("/cases/<reference>/awareness", may="awareness:record")
def awareness(reference: str) -> Response | str | tuple[str, int]:
    case, form = cases.access_case(actor(), reference), AwarenessForm()
    if form.accepted():
        at = _instant(form.at.data)
        service.record_awareness(actor(), case, at=at, words=form.words.data or "")
        flash(str(_("Noted. The deadlines run from the earliest moment that was recorded.")))
        return redirect(url_for("cases.show", reference=case.reference))
    accounts = service.accounts_of_awareness(actor(), case)
    page = render_template("clocks/awareness.html", case=case, form=form, accounts=accounts)
    return (page, 422) if form.errors else page


def _page(clock: Clock, done_form: DoneForm, exclude_form: ExcludeForm) -> str:
    return render_template(
        "clocks/clock.html",
        clock=clock,
        case=clock.case,
        done_form=done_form,
        exclude_form=exclude_form,
        may_exclude=actor().may("clock:exclude", clock.place()),
    )


def _done_form() -> DoneForm:
    return DoneForm(formdata=None, at=local(time.now()).replace(tzinfo=None))


def _instant(wall: datetime) -> datetime:
    """Read a time typed on the wall clock of the communes."""
    return wall.replace(tzinfo=ZONE).astimezone(UTC)


def _back(clock: Clock) -> Response:
    return redirect(url_for("cases.show", reference=clock.case.reference))

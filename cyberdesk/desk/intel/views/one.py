"""One observable: what is known of it, changing it, withdrawing it, making an indicator from it."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from cyberdesk.core.db import session
from cyberdesk.core.db.work import doom
from cyberdesk.core.errors import InvalidError, NotFoundError
from cyberdesk.core.text import _
from cyberdesk.core.web.formatting import local
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.acts.act import instant
from cyberdesk.desk.cases.forms import BareForm, ReasonForm
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.views.door import reached
from cyberdesk.desk.intel import making, service
from cyberdesk.desk.intel.forms import ChangeForm, IndicatorForm
from cyberdesk.desk.intel.marking import Tlp
from cyberdesk.desk.intel.models import StixObject
from cyberdesk.desk.intel.showing import shown
from cyberdesk.desk.intel.views.door import door, tab_of
from cyberdesk.desk.intel.vocabulary import SOURCES

Answer = Response | str | tuple[str, int]
_HERE = "/cases/<reference>/observables/<uuid:object_id>"


@door.get(_HERE, may="observable:read", endpoint="one")
def one(reference: str, object_id: UUID) -> str:
    case = reached(reference)
    return _page(case, _found(case, object_id))


@door.post(f"{_HERE}/change", may="observable:change")
def change(reference: str, object_id: UUID) -> Answer:
    case, form = reached(reference), ChangeForm()
    found = _found(case, object_id)
    if not form.accepted():
        return _page(case, found, form), 422
    first, last = instant(form.seen_at.data), instant(form.seen_until.data)
    try:
        service.change(
            actor(),
            found,
            note=form.note.data or "",
            marking=Tlp(form.marking.data),
            seen=service.Seen(first, last),
        )
        session().flush()
    except InvalidError as refusal:
        doom()
        form.blame(refusal)
        return _page(case, found, form), refusal.status
    flash(str(_("The observable is changed.")), "success")
    return redirect(tab_of(case))


@door.post(f"{_HERE}/withdraw", may="observable:retract")
def withdraw(reference: str, object_id: UUID) -> Answer:
    case, form = reached(reference), ReasonForm()
    found = _found(case, object_id)
    if not form.accepted():
        return _page(case, found, reason=form), 422
    service.retract(actor(), found, reason=form.reason.data)
    flash(str(_("It no longer counts, and leaves no more. Its reason stays with it.")), "success")
    return redirect(tab_of(case))


@door.post(f"{_HERE}/restore", may="observable:retract")
def restore(reference: str, object_id: UUID) -> Response:
    case = reached(reference)
    if BareForm().accepted():
        service.restore(actor(), _found(case, object_id))
        flash(str(_("It counts again.")), "success")
    return redirect(_address(case, object_id))


@door.post(f"{_HERE}/indicator", may="observable:indicate")
def indicate(reference: str, object_id: UUID) -> Response:
    case, form = reached(reference), IndicatorForm()
    if form.accepted():
        service.make_indicator(actor(), _found(case, object_id))
        flash(str(_("The indicator is made: others can now look for the same.")), "success")
    return redirect(_address(case, object_id) if form.stay.data else tab_of(case))


def _address(case: Case, object_id: UUID) -> str:
    return url_for("intel.one", reference=case.reference, object_id=object_id)


def _found(case: Case, object_id: UUID) -> StixObject:
    found = service.access_object(actor(), object_id)
    if found.case_id != case.id or found.is_indicator:
        raise NotFoundError
    return found


def _page(
    case: Case,
    found: StixObject,
    form: ChangeForm | None = None,
    reason: ReasonForm | None = None,
) -> str:
    (drawn,) = shown(actor(), case, [found])
    return render_template(
        "intel/one.html",
        case=case,
        one=drawn,
        form=form or _form(found),
        reason=reason or ReasonForm(formdata=None),
        pattern=making.pattern(found.value) if found.value.text else "",
        source=SOURCES[found.source],
        back=tab_of(case),
    )


def _form(found: StixObject) -> ChangeForm:
    first, last = (
        at and local(at).replace(tzinfo=None) for at in (found.seen_at, found.seen_until)
    )
    return ChangeForm(
        formdata=None, note=found.note, marking=found.marking, seen_at=first, seen_until=last
    )

"""The pages of the acts on a case, and taking it from the queue."""

from http import HTTPStatus
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from cyberdesk.core.db import session
from cyberdesk.core.db.work import doom
from cyberdesk.core.errors import ConflictError, InvalidError, NotFoundError, RefusalError
from cyberdesk.core.text import _
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.acts import ACTS, Act
from cyberdesk.desk.cases.forms import BareForm, CaseForm, GlassForm, PersonForm, ReasonForm
from cyberdesk.desk.cases.models import Case, CasePerson
from cyberdesk.desk.cases.views.door import address, door, reached
from cyberdesk.desk.cases.views.toasts import toast

Answer = Response | str | tuple[str, int]


@door.post("/cases/<reference>/take", may="case:take", endpoint="take")
def take(reference: str) -> Answer:
    """Take a case; in the queue its row is drawn anew in its place."""
    case, form = reached(reference), BareForm()
    if not form.accepted():
        return redirect(address(case))
    service.take(actor(), case)
    said = _("%(case)s is yours.", case=case.reference)
    if request.headers.get("HX-Request"):
        row = render_template("cases/_row.html", case=case, me=actor().id)
        return toast(row, said)
    flash(str(said), "success")
    return redirect(address(case))


def _open(one: Act) -> None:
    """Give an act its route, with the permission that it needs."""

    def view(reference: str) -> Answer:
        return _act(reached(reference), one)

    door.both(f"/cases/<reference>/do/{one.name}", may=one.may, endpoint=f"do_{one.name}")(view)


for _one in ACTS:
    _open(_one)


def _act(case: Case, one: Act) -> Answer:
    form = one.form(case)
    if not form.is_submitted():
        _begin(form)
    one.prepare(actor(), case, form)
    if not form.is_submitted():
        form.seen.data = str(case.version)
    if not form.accepted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return _form(case, one, form), status
    try:
        one.do(actor(), case, form)
        session().flush()
    except (InvalidError, ConflictError) as refusal:
        return _again(case, one, form, refusal)
    flash(str(one.done), "success")
    return redirect(address(case, one.tab))


def _begin(form: CaseForm) -> None:
    """Fill in what the link that leads here says already: `?other=CD-…`, `?outcome=…`."""
    for name in ("other", "outcome"):
        if name in form and name in request.args:
            form[name].data = request.args[name][:40]


def _again(case: Case, one: Act, form: CaseForm, refusal: RefusalError) -> Answer:
    """Show the form again with what was typed and what is wrong; nothing was written."""
    doom()
    if isinstance(refusal, InvalidError):
        form.blame(refusal)
    session().refresh(case)
    form.seen.data = str(case.version)
    return _form(case, one, form, refusal), refusal.status


def _form(case: Case, one: Act, form: CaseForm, refusal: RefusalError | None = None) -> str:
    name = "cases/close.html" if one.name == "close" else "cases/act.html"
    return render_template(name, case=case, act=one, form=form, refusal=refusal)


@door.both("/cases/<reference>/people/<uuid:person_id>", may="case:people", endpoint="person")
def person(reference: str, person_id: UUID) -> Answer:
    """Correct a contact."""
    case = reached(reference)
    known, form = _person(case, person_id), PersonForm()
    del form.role
    if not form.is_submitted():
        for name, key in (("name", "name"), ("phone", "phone"), ("email", "email")):
            form[name].data = known.contact.get(key, "")
        form.about.data = known.contact.get("note", "")
    if form.accepted():
        service.change_person(
            actor(),
            known,
            name=form.name.data,
            phone=form.phone.data or "",
            email=form.email.data or "",
            about=form.about.data or "",
        )
        return redirect(address(case, "people"))
    page = render_template("cases/person.html", case=case, person=known, form=form)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@door.post("/cases/<reference>/people/<uuid:person_id>/end", may="case:people")
def end_person(reference: str, person_id: UUID) -> Response:
    case, form = reached(reference), BareForm()
    if form.accepted():
        service.end_person(actor(), _person(case, person_id))
    return redirect(address(case, "people"))


@door.both("/cases/<reference>/links/<uuid:link_id>/end", may="case:link", endpoint="end_link")
def end_link(reference: str, link_id: UUID) -> Answer:
    case, form = reached(reference), ReasonForm()
    found = [one for one in service.links_of(actor(), case) if one.id == link_id]
    if not found:
        raise NotFoundError
    if form.accepted():
        service.unlink(actor(), found[0], reason=form.reason.data)
        return redirect(address(case))
    page = render_template("cases/end_link.html", case=case, link=found[0], form=form)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@door.both("/break-glass", may="case:break-glass", strong=True, endpoint="break_glass")
def break_glass() -> Answer:
    form = GlassForm()
    if form.accepted():
        opened = service.break_glass(
            actor(), reference=form.reference.data, reason=form.reason.data
        )
        flash(str(_("The case is open to you for four hours. Its desk has been told.")), "warning")
        return redirect(url_for("cases.show", reference=opened.case.reference))
    page = render_template("cases/break_glass.html", form=form)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _person(case: Case, person_id: UUID) -> CasePerson:
    wanted = select(CasePerson).where(CasePerson.id == person_id, CasePerson.case_id == case.id)
    found = session().scalar(wanted)
    if found is None:
        raise NotFoundError
    return found

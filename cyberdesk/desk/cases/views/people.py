"""Correcting a contact of a case, and saying that somebody is one no more."""

from uuid import UUID

from flask import redirect, render_template
from sqlalchemy import select
from werkzeug.wrappers import Response

from cyberdesk.core.db import session
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.web.acting import Answer, act
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.forms import BareForm, PersonForm
from cyberdesk.desk.cases.models import Case, CasePerson
from cyberdesk.desk.cases.views.door import address, door, reached


@door.both("/cases/<reference>/people/<uuid:person_id>", may="case:people", endpoint="person")
def person(reference: str, person_id: UUID) -> Answer:
    case = reached(reference)
    known, form = _person(case, person_id), PersonForm()
    del form.role
    if not form.is_submitted():
        _fill(form, known)
    return act(
        form,
        page=lambda _refusal: render_template(
            "cases/person.html", case=case, person=known, form=form
        ),
        do=lambda: _change(known, form),
        done=lambda _known: redirect(address(case, "people")),
    )


@door.post("/cases/<reference>/people/<uuid:person_id>/end", may="case:people")
def end_person(reference: str, person_id: UUID) -> Response:
    case, form = reached(reference), BareForm()
    if form.accepted():
        service.end_person(actor(), _person(case, person_id))
    return redirect(address(case, "people"))


def _fill(form: PersonForm, known: CasePerson) -> None:
    for name in ("name", "phone", "email"):
        form[name].data = known.contact.get(name, "")
    form.about.data = known.contact.get("note", "")


def _change(known: CasePerson, form: PersonForm) -> None:
    service.change_person(
        actor(),
        known,
        name=form.name.data,
        phone=form.phone.data or "",
        email=form.email.data or "",
        about=form.about.data or "",
    )


def _person(case: Case, person_id: UUID) -> CasePerson:
    wanted = select(CasePerson).where(CasePerson.id == person_id, CasePerson.case_id == case.id)
    found = session().scalar(wanted)
    if found is None:
        raise NotFoundError
    return found

"""Organisations: looked up by everybody, added where no directory knows them."""

from uuid import UUID

from flask import Response as JsonResponse
from flask import flash, jsonify, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from cyberdesk.core.access.directory import find_organisations
from cyberdesk.core.access.people import service
from cyberdesk.core.access.people.forms import OrganisationForm
from cyberdesk.core.access.people.service.organisations import ADDED, KINDS
from cyberdesk.core.access.permissions import SIGNED_IN
from cyberdesk.core.text import _
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.identity import actor

door = Door(
    "organisations",
    __name__,
    url_prefix="/administration/organisations",
    template_folder="../templates",
)
_SHOWN = 50


@door.get("", may="organisation:manage")
def index() -> str:
    text = request.args.get("q", "").strip()
    found = find_organisations(text, limit=_SHOWN)
    return render_template(
        "access/organisations.html", found=found, text=text, kinds=KINDS, added=ADDED
    )


@door.get("/chercher", may=SIGNED_IN)
def search() -> JsonResponse:
    """What fits, while a name is typed: for the field of components/forms.html."""
    found = find_organisations(request.args.get("q", ""))
    return jsonify(
        [
            {
                "value": str(one.id),
                "label": one.name,
                "detail": f"{KINDS[one.kind]} {one.code or ''}",
            }
            for one in found
        ]
    )


@door.both("/nouvelle", may="organisation:manage")
def new() -> str | Response:
    form = OrganisationForm()
    form.offer()
    if form.accepted():
        service.add_organisation(
            actor(), kind=form.kind.data, name=form.name.data, code=form.code.data
        )
        flash(str(_("The organisation is added.")), "success")
        return redirect(url_for(".index", q=form.name.data))
    return render_template("access/organisation.html", form=form, organisation=None)


@door.both("/<uuid:organisation_id>", may="organisation:manage")
def change(organisation_id: UUID) -> str | Response:
    found = service.access_organisation(organisation_id)
    form = OrganisationForm(obj=found)
    form.offer()
    if form.accepted():
        service.change_organisation(actor(), found, name=form.name.data, code=form.code.data)
        flash(str(_("Your changes are kept.")), "success")
        return redirect(url_for(".index", q=found.name))
    return render_template("access/organisation.html", form=form, organisation=found)

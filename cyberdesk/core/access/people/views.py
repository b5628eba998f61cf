"""People, for administrators: who they are, what they hold, closing and opening again."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from flask import flash, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from cyberdesk.core import clock
from cyberdesk.core.access.actor import system
from cyberdesk.core.access.directory import find_organisations
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.access.people import service
from cyberdesk.core.access.people.forms import GiveRoleForm, InviteForm, RoleForm
from cyberdesk.core.access.people.roles import GIVEN, NAMES, OF_AN_ORGANISATION, desks
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.letters import carriage
from cyberdesk.core.text import _
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.identity import actor

door = Door("people", __name__, url_prefix="/administration", template_folder="../templates")


@door.get("/personnes", may="person:list", strong=True)
def index() -> str:
    text = request.args.get("q", "").strip()
    people = service.find_people(actor(), text=text)
    return render_template(
        "access/people.html",
        people=people,
        alone=not text and len(people) == 1,
        obstacle=carriage.obstacle(),
        text=text,
        where=_where,
        names=NAMES,
        moment=clock.now(),
    )


@door.both("/personnes/<uuid:person_id>", may="person:manage", strong=True)
def person(person_id: UUID) -> str | Response:
    """One person; the form gives them a further role."""
    found = service.access_person(actor(), person_id)
    form = GiveRoleForm()
    form.offer()
    if form.accepted():
        until = form.until.data
        service.give_role(
            actor(),
            found,
            role=form.role.data,
            strand=form.strand.data or None,
            organisation=_organisation(form),
            ended_at=datetime.combine(until, time.max, UTC) if until else None,
        )
        flash(str(_("The role is given.")), "success")
        return redirect(url_for(".person", person_id=found.id))
    return render_template(
        "access/person.html",
        person=found,
        roles=service.roles_of(actor(), found),
        form=form,
        options=_options(form),
        where=_where,
        names=NAMES,
        moment=clock.now(),
    )


@door.post("/roles/<uuid:membership_id>/fin", may="person:invite", strong=True)
def end_role(membership_id: UUID) -> Response:
    membership = service.access_membership(actor(), membership_id)
    service.end_membership(actor(), membership)
    flash(str(_("The role is ended.")), "success")
    return _back(membership.person_id)


@door.post("/personnes/<uuid:person_id>/fermer", may="person:manage", strong=True)
def close(person_id: UUID) -> Response:
    service.close_account(actor(), service.access_person(actor(), person_id))
    flash(str(_("The account is closed, and signed out everywhere.")), "success")
    return _back(person_id)


@door.post("/personnes/<uuid:person_id>/rouvrir", may="person:manage", strong=True)
def reopen(person_id: UUID) -> Response:
    service.reopen_account(actor(), service.access_person(actor(), person_id))
    flash(str(_("The account is open again.")), "success")
    return _back(person_id)


@door.post("/personnes/<uuid:person_id>/recommencer", may="person:manage", strong=True)
def reset(person_id: UUID) -> Response:
    """For whoever lost telephone and codes: everything is taken away, a letter starts anew."""
    found = service.access_person(actor(), person_id)
    service.reset_means(actor(), found)
    service.ask_new_password(system("administration"), email=found.email)
    flash(
        str(_("Their means of sign-in are removed. A letter lets them choose a password.")),
        "success",
    )
    return _back(person_id)


@door.both("/invitations", may="person:invite", strong=True)
def invitations() -> str | Response:
    form = InviteForm()
    form.offer(GIVEN if actor().may("person:manage") else OF_AN_ORGANISATION)
    if form.accepted():
        service.invite(
            actor(),
            email=form.email.data,
            name=form.name.data,
            role=form.role.data,
            strand=form.strand.data or None,
            organisation=_organisation(form),
            language=form.language.data,
        )
        flash(str(_("The invitation is on its way.")), "success")
        return redirect(url_for(".invitations"))
    return render_template(
        "access/invitations.html",
        form=form,
        options=_options(form),
        waiting=service.open_invitations(actor()),
        obstacle=carriage.obstacle(),
        where=_where,
        names=NAMES,
    )


@door.post("/invitations/<uuid:invitation_id>/reprendre", may="person:invite", strong=True)
def revoke(invitation_id: UUID) -> Response:
    service.revoke(actor(), service.access_invitation(actor(), invitation_id))
    flash(str(_("The invitation is taken back.")), "success")
    return redirect(url_for(".invitations"))


def _organisation(form: RoleForm) -> Organisation | None:
    if not form.organisation.data:
        return None
    try:
        return service.access_organisation(UUID(form.organisation.data))
    except ValueError:
        raise NotFoundError(_("This organisation is not in the directory.")) from None


def _options(form: RoleForm) -> list[dict[str, Any]]:
    """What was typed, as choices: for browsers without a script."""
    typed = form.organisation_text.data
    if not typed or form.organisation.data:
        return []
    return [
        {"value": str(found.id), "label": found.name, "detail": found.code or ""}
        for found in find_organisations(typed)
    ]


def _where(held: Any) -> str:
    """Where a role is held: on a desk, in an organisation, everywhere."""
    if held.organisation:
        return str(held.organisation.name)
    return str(desks().get(held.strand or "", _("everywhere")))


def _back(person_id: UUID) -> Response:
    if actor().may("person:manage"):
        return redirect(url_for(".person", person_id=person_id))
    return redirect(url_for(".invitations"))

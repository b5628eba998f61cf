"""Inviting, and coming in by an invitation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import links
from cyberdesk.core.access.actor import EVERYWHERE, Actor
from cyberdesk.core.access.guard import allowed, require
from cyberdesk.core.access.models import Organisation, Person
from cyberdesk.core.access.people.models import Invitation
from cyberdesk.core.access.people.roles import NAMES, OF_AN_ORGANISATION, strand_of
from cyberdesk.core.access.people.service.accounts import (
    add_person,
    administrators,
    hold,
    person_at,
)
from cyberdesk.core.access.permissions import Role
from cyberdesk.core.audit import recorded
from cyberdesk.core.crypto.secret import Secret
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, NotFoundError
from cyberdesk.core.letters import letterhead, write
from cyberdesk.core.text import _, speaking

PURPOSE = "invitation"
LASTS = timedelta(days=7)
FIRST_LASTS = timedelta(hours=24)


@allowed("person:invite", on="organisation")
@recorded("person:invite")
def invite(
    actor: Actor,
    *,
    email: str,
    name: str,
    role: str,
    strand: str | None = None,
    organisation: Organisation | None = None,
    language: str = "fr",
) -> Invitation:
    """Offer `role` to the person at `email`; a letter brings the link, which lasts a week."""
    if role not in OF_AN_ORGANISATION:
        require(actor, "person:manage")
    strand = strand_of(role, strand, organisation)
    made = _offer(
        LASTS,
        email=email,
        name=name,
        role=role,
        strand=strand,
        organisation_id=organisation.id if organisation else None,
        language=language,
        invited_by=actor.id,
    )
    token = links.make_link(PURPOSE, made.id, lasts=LASTS)
    with speaking(language):
        what = str(NAMES[role]) + (f", {organisation.name}" if organisation else "")
    write("invitation", to=email, language=language, link=address_of(token), role=what, name=name)
    return made


@allowed("person:invite", on="invitation")
@recorded("invitation:revoke")
def revoke(actor: Actor, invitation: Invitation) -> Invitation:
    """Take the offer back; its link opens nothing any more."""
    with seeing(SYSTEM):
        invitation.revoked_at = invitation.revoked_at or clock.now()
    links.revoke_links(PURPOSE, invitation.id)
    return invitation


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody without an account gives when they accept."""

    email: str
    name: str
    password: Secret


@allowed("invitation:accept")
@recorded("invitation:accept")
def join(actor: Actor, invitation: Invitation, *, token: Secret, who: Person | Newcomer) -> Person:
    """Give the invitation's role to a person, or to a newcomer; its link is used up.

    Raises ConflictError when somebody was faster, or the address has an account already.
    """
    with seeing(SYSTEM):
        # First, so that of two at once the second waits here and learns it; a refusal undoes it.
        if links.use_link(PURPOSE, token.value) is None:
            raise ConflictError(_("This invitation was used already, or taken back."))
        joined = who if isinstance(who, Person) else _welcome(invitation, who)
        hold(joined, invitation.role, invitation.strand, invitation.organisation_id)
        invitation.accepted_at, invitation.person_id = clock.now(), joined.id
    return joined


def _welcome(invitation: Invitation, who: Newcomer) -> Person:
    email = invitation.email or who.email
    if person_at(email) is not None:
        raise ConflictError(
            _("This address has an account already."),
            hint=_("Sign in with it, then open the invitation again."),
        )
    return add_person(
        email=email, name=who.name, password=who.password, language=invitation.language
    )


def find_invitation(token: str) -> Invitation:
    """Return the invitation that `token` opens. Raises NotFoundError when it no longer holds."""
    link = links.find_link(PURPOSE, token)
    with seeing(SYSTEM):
        found = session().get(Invitation, link.subject_id) if link else None
    if found is None or found.accepted_at or found.revoked_at:
        raise NotFoundError(
            _("This invitation is over: used, taken back or too old."),
            hint=_("Ask whoever invited you for a new one."),
        )
    return found


def access_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    """Return an invitation of those that `actor` may see. Raises NotFoundError."""
    with seeing(SYSTEM):
        found = session().get(Invitation, invitation_id)
    if found is None or not actor.may("person:invite", found.place()):
        raise NotFoundError
    return found


@allowed("person:invite")
def open_invitations(actor: Actor) -> Sequence[Invitation]:
    """Return what was offered and not yet taken, newest first, as far as `actor` may see."""
    with seeing(SYSTEM):
        waiting = session().scalars(
            select(Invitation)
            .where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
            .order_by(Invitation.id.desc())
        )
        return [one for one in waiting if actor.may("person:invite", one.place())]


@allowed("administrator:first")
@recorded("administrator:first")
def invite_first_administrator(actor: Actor) -> str | None:
    """Return the address that makes its first comer the administrator, for a day and one use.

    None once there is an administrator. A link made before is closed.
    """
    with seeing(SYSTEM):
        if administrators():
            return None
        for earlier in session().scalars(select(Invitation).where(Invitation.email.is_(None))):
            links.revoke_links(PURPOSE, earlier.id)
            earlier.revoked_at = earlier.revoked_at or clock.now()
        made = _offer(FIRST_LASTS, email=None, name="", role=Role.ADMIN, strand=EVERYWHERE)
    return address_of(links.make_link(PURPOSE, made.id, lasts=FIRST_LASTS))


def address_of(token: str) -> str:
    return f"{letterhead().base_url}/invitation/{token}"


def _offer(lasts: timedelta, **values: Any) -> Invitation:
    now = clock.now()
    made = Invitation(created_at=now, expires_at=now + lasts, **values)
    with seeing(SYSTEM):
        session().add(made)
    return made

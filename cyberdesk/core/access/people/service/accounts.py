"""Accounts and the roles they hold."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import selectinload

from cyberdesk.core import clock
from cyberdesk.core.access.actor import Actor
from cyberdesk.core.access.api_tokens import close_tokens
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.access.models import Membership, Organisation, Person
from cyberdesk.core.access.people.roles import strand_of
from cyberdesk.core.access.permissions import SIGNED_IN, Role
from cyberdesk.core.access.signin import passwords, sessions
from cyberdesk.core.access.signin.models import Credentials, Passkey
from cyberdesk.core.access.signin.sessions import holds
from cyberdesk.core.audit import recorded
from cyberdesk.core.crypto.secret import Secret
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, InvalidError, NotFoundError
from cyberdesk.core.text import _


@allowed("person:list")
def find_people(actor: Actor, *, text: str = "", limit: int = 200) -> Sequence[Person]:
    """Return people whose name or address holds `text`, by name, with what they hold."""
    wanted = select(Person).options(selectinload(Person.memberships)).order_by(Person.name)
    if text:
        like = f"%{text.lower()}%"
        wanted = wanted.where(or_(Person.name.ilike(like), Person.email.like(like)))
    with seeing(SYSTEM):
        return session().scalars(wanted.limit(limit)).all()


def access_person(actor: Actor, person_id: UUID) -> Person:
    """Return the person for whoever manages people. Raises NotFoundError."""
    with seeing(SYSTEM):
        found = session().get(Person, person_id) if actor.may("person:manage") else None
    if found is None:
        raise NotFoundError
    return found


def access_membership(actor: Actor, membership_id: UUID) -> Membership:
    """Return a role somebody holds, where `actor` may invite. Raises NotFoundError."""
    with seeing(SYSTEM):
        found = session().get(Membership, membership_id)
    if found is None or not actor.may("person:invite", found.place()):
        raise NotFoundError
    return found


@allowed("person:list")
def roles_of(actor: Actor, person: Person) -> Sequence[Membership]:
    """Return what `person` holds and has held, the newest first."""
    with seeing(SYSTEM):
        held = select(Membership).where(Membership.person_id == person.id)
        return session().scalars(held.order_by(Membership.id.desc())).all()


@allowed("person:manage")
@recorded("role:give")
def give_role(
    actor: Actor,
    person: Person,
    *,
    role: str,
    strand: str | None = None,
    organisation: Organisation | None = None,
    ended_at: datetime | None = None,
) -> Membership:
    """Let `person` hold `role`, until `ended_at` when given."""
    strand = strand_of(role, strand, organisation)
    with seeing(SYSTEM):
        held = hold(person, role, strand, organisation.id if organisation else None)
        held.ended_at = ended_at
    return held


@allowed("person:invite", on="membership")
@recorded("role:end")
def end_membership(actor: Actor, membership: Membership) -> Membership:
    """End a role now. Raises ConflictError for the last administrator's."""
    with seeing(SYSTEM):
        _refuse_last_administrator(membership.person_id, membership.role)
        membership.ended_at = clock.now()
    return membership


@allowed("person:manage")
@recorded("account:close")
def close_account(actor: Actor, person: Person) -> Person:
    """Let `person` in no more: every session ends at once. What they did stays."""
    if actor.id == person.id:
        raise ConflictError(_("You cannot close your own account."))
    with seeing(SYSTEM):
        _refuse_last_administrator(person.id, Role.ADMIN)
        person.active = False
    sessions.end_sessions(person.id)
    return person


@allowed("person:manage")
@recorded("account:reopen")
def reopen_account(actor: Actor, person: Person) -> Person:
    with seeing(SYSTEM):
        person.active = True
    return person


@allowed("person:manage")
@recorded("account:reset")
def reset_means(actor: Actor, person: Person) -> Person:
    """Take away password, authenticator, codes and passkeys: the person has lost them all.

    They come back by the letter for a new password, then set up their second factor anew. Tokens of
    their programs are closed too: who knows in whose hands they are.
    """
    with seeing(SYSTEM):
        held = session().get_one(Credentials, person.id)
        held.password, held.totp, held.recovery = None, None, []
        session().execute(delete(Passkey).where(Passkey.person_id == person.id))
        close_tokens(person.id)
    sessions.end_sessions(person.id)
    return person


@allowed(SIGNED_IN)
@recorded("account:change")
def change_profile(
    actor: Actor, person: Person, *, name: str, phone: str | None, language: str
) -> Person:
    """Change what a person says of themselves."""
    _refuse_another(actor, person)
    person.name, person.phone, person.language = name, phone, language
    return person


@allowed(SIGNED_IN)
@recorded("session:end-all")
def sign_out_everywhere(actor: Actor, person: Person) -> Person:
    """End every session of the person, this one too."""
    _refuse_another(actor, person)
    sessions.end_sessions(person.id)
    return person


def _refuse_another(actor: Actor, person: Person) -> None:
    if actor.id != person.id:
        raise NotFoundError


def person_at(email: str) -> Person | None:
    """Return whoever has this address, closed accounts too. Needs the house's reach."""
    return session().scalar(select(Person).where(Person.email == email))


def add_person(*, email: str, name: str, password: Secret, language: str) -> Person:
    """Make an account. Needs the house's reach. Raises InvalidError for a guessable password."""
    wrong = passwords.faults(password.value, (name, email))
    if wrong:
        raise InvalidError(_("Choose another password."), fields={"password": wrong})
    person = Person(name=name, email=email, language=language, created_at=clock.now())
    session().add(person)
    session().flush()
    session().add(
        Credentials(
            person_id=person.id,
            uniquifier=secrets.token_hex(16),
            passkey_handle=secrets.token_hex(16),
            password=passwords.hash_password(password.value),
            password_at=clock.now(),
        )
    )
    return person


def hold(person: Person, role: str, strand: str | None, organisation_id: UUID | None) -> Membership:
    """Let `person` hold `role` there, again if it had ended. Needs the house's reach."""
    held = session().scalar(
        select(Membership).where(
            Membership.person_id == person.id,
            Membership.role == role,
            Membership.strand.is_not_distinct_from(strand),
            Membership.organisation_id.is_not_distinct_from(organisation_id),
            Membership.case_id.is_(None),
        )
    )
    if held is None:
        held = Membership(
            person_id=person.id,
            role=role,
            strand=strand,
            organisation_id=organisation_id,
            created_at=clock.now(),
        )
        session().add(held)
    held.ended_at = None
    return held


def administrators() -> Sequence[UUID]:
    """Return who administers now. Needs the house's reach."""
    return session().scalars(select(Membership.person_id).join(Person).where(*_administers())).all()


def _administers() -> tuple[ColumnElement[bool], ...]:
    now = holds(clock.now())
    return Membership.role == Role.ADMIN.value, now, Person.active.is_(True)


def _refuse_last_administrator(person_id: UUID, role: str) -> None:
    if role == Role.ADMIN and set(administrators()) == {person_id}:
        raise ConflictError(
            _("This is the last administrator."), hint=_("Give the role to somebody else first.")
        )

"""Tokens for machines: scoped, expiring, shown once, revocable, and never above their maker."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row as Found
from sqlalchemy import select, update

from cyberdesk.core import clock
from cyberdesk.core.access.actor import Actor, ActorKind, Grant
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.access.models import ApiToken, Membership, Person
from cyberdesk.core.access.signin.sessions import holds
from cyberdesk.core.audit import recorded
from cyberdesk.core.crypto import tokens, vault
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ForbiddenError, InvalidError, NotFoundError
from cyberdesk.core.ids import ALPHABET
from cyberdesk.core.text import _

LONGEST = timedelta(days=366)
_BRAND = "cdk"  # lets scanners of published code know a leaked token
_PURPOSE = "api-token"
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a token acts as, and what is said of the token itself."""

    actor: Actor
    name: str
    scopes: Sequence[str]
    expires_at: datetime


@allowed("token:make")
@recorded("token:make")
def make_token(
    actor: Actor, *, name: str, scopes: Collection[str], expires_at: datetime
) -> tuple[ApiToken, str]:
    """Make a token of `actor` and return it with its text, which is never shown again."""
    _refuse_beyond(actor, scopes, expires_at)
    prefix = "".join(secrets.choice(ALPHABET) for _sign in range(8))
    text = f"{_BRAND}_{prefix}_{tokens.new_token()}"
    row = ApiToken(
        person_id=actor.id,
        name=name,
        prefix=f"{_BRAND}_{prefix}",
        token_hash=tokens.token_hash(text, purpose=_PURPOSE, peppers=vault.peppers()),
        scopes=sorted(scopes),
        created_at=clock.now(),
        expires_at=expires_at,
    )
    session().add(row)
    session().flush()
    return row, text


@allowed("token:make")
@recorded("token:revoke")
def revoke_token(actor: Actor, token: ApiToken) -> ApiToken:
    """Close `token` at once; closing it twice is once."""
    if token.person_id != actor.id:
        raise NotFoundError
    token.revoked_at = token.revoked_at or clock.now()
    return token


def close_tokens(person_id: UUID) -> None:
    """Close every token of a person who has lost their means. Needs the house's reach."""
    held = update(ApiToken).where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
    session().execute(held.values(revoked_at=clock.now()))


def access_token(actor: Actor, token_id: UUID) -> ApiToken:
    """Return the token of `actor` with this id. Raises NotFoundError."""
    found = session().get(ApiToken, token_id)
    if found is None or found.person_id != actor.id:
        raise NotFoundError
    return found


def tokens_of(actor: Actor) -> Sequence[ApiToken]:
    """Return the tokens that `actor` made, newest first, closed ones for the record."""
    made = select(ApiToken).where(ApiToken.person_id == actor.id)
    return session().scalars(made.order_by(ApiToken.id.desc())).all()


def find_holder(text: str, *, address: str = "") -> Holder | None:
    """Return who the token `text` acts as, in one statement; None for any that does not hold."""
    now = clock.now()
    hashes = tokens.token_hashes(text, purpose=_PURPOSE, peppers=vault.peppers())
    with seeing(SYSTEM):
        rows = session().execute(_found(hashes, now)).all()
        if not rows:
            return None
        if rows[0].used_at is None or now - rows[0].used_at > _SEEN_EVERY:
            used = update(ApiToken).where(ApiToken.id == rows[0].id).values(used_at=now)
            session().execute(used)
    first = rows[0]
    return Holder(_actor(rows, address), first.name, first.scopes, first.expires_at)


def _refuse_beyond(actor: Actor, scopes: Collection[str], expires_at: datetime) -> None:
    """A token is made by a person with a second factor, for a time, with what they may."""
    if actor.kind is not ActorKind.PERSON or not actor.strong:
        raise ForbiddenError(_("Sign in with a second factor to make a token."))
    beyond = sorted(scope for scope in scopes if not actor.may(scope))
    if beyond or not scopes:
        raise InvalidError(
            _("Choose what the token may do, among what you may."), fields={"scopes": beyond}
        )
    if not clock.now() < expires_at <= clock.now() + LONGEST:
        raise InvalidError(_("A token lasts between a day and a year."))


def _found(hashes: Collection[bytes], now: datetime) -> Any:
    return (
        select(
            ApiToken.id,
            ApiToken.name,
            ApiToken.scopes,
            ApiToken.used_at,
            ApiToken.expires_at,
            Person.id.label("person_id"),
            Person.name.label("person_name"),
            Person.language,
            Membership.role,
            Membership.strand,
            Membership.organisation_id,
            Membership.case_id,
        )
        .join(Person, Person.id == ApiToken.person_id)
        .outerjoin(Membership, (Membership.person_id == Person.id) & holds(now))
        .where(ApiToken.token_hash.in_(hashes), ApiToken.revoked_at.is_(None))
        .where(ApiToken.expires_at > now, Person.active)
    )


def _actor(rows: Sequence[Found[Any]], address: str) -> Actor:
    first = rows[0]
    only = frozenset(first.scopes)
    return Actor(
        ActorKind.TOKEN,
        id=first.id,
        name=f"{first.name} ({first.person_name})",
        grants=tuple(
            Grant(row.role, row.strand, row.organisation_id, row.case_id, only=only)
            for row in rows
            if row.role
        ),
        strong=True,  # it was made by somebody who was
        language=first.language,
        address=address,
        behind=first.person_id,
    )

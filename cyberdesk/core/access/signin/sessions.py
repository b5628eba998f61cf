"""Sessions kept on the server: opened at sign-in, found by one statement, ended from anywhere.

ASVS 5.0 V7: the cookie holds a random value, its hash is kept here; a session ends after a time
without use, at the latest after a week, when it is revoked, or with the person's uniquifier.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row as Found
from sqlalchemy import bindparam, or_, select, update

from cyberdesk.core import clock
from cyberdesk.core.access.actor import Actor, ActorKind, Grant
from cyberdesk.core.access.models import Membership, Person
from cyberdesk.core.access.signin.models import Credentials, SignIn
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM

IDLE = timedelta(hours=12)  # a night on duty
LONGEST = timedelta(days=7)
_SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Session:
    """A session that holds: who acts in it, and since when."""

    id: UUID
    actor: Actor
    created_at: datetime


def open_session(person_id: UUID, *, strong: bool, device: str = "") -> str:
    """Open a session for `person_id` and return the value of its cookie."""
    token, now = secrets.token_urlsafe(32), clock.now()
    with seeing(SYSTEM) as _:
        session().add(
            SignIn(
                person_id=person_id,
                token_hash=_hash(token),
                strong=strong,
                device=device,
                created_at=now,
                seen_at=now,
                expires_at=now + LONGEST,
            )
        )
    return token


def find_session(token: str, uniquifier: str, *, address: str = "") -> Session | None:
    """Return the session whose cookie holds `token` and `uniquifier`, or None when it is over."""
    now = clock.now()
    with seeing(SYSTEM):
        rows = session().execute(_by_cookie(), _held(now, token, uniquifier)).all()
        if not rows:
            return None
        if now - rows[0].seen_at > _SEEN_EVERY:
            seen = update(SignIn).where(SignIn.id == rows[0].id).values(seen_at=now)
            session().execute(seen)
    return Session(rows[0].id, _actor(rows, address), rows[0].created_at)


def actor_now(session_id: UUID) -> Actor | None:
    """Return who acts in a session and what they hold by now, or None once it is over."""
    now = clock.now()
    with seeing(SYSTEM):
        rows = session().execute(_by_id(), _times(now) | {"sign_in": session_id}).all()
    return _actor(rows, "") if rows else None


def end_session(session_id: UUID) -> None:
    """End one session; ending it twice is once."""
    _end(SignIn.id == session_id)


def end_every(person_id: UUID) -> None:
    """End each session of `person_id`, so that this browser opens a new one."""
    _end(SignIn.person_id == person_id)


def end_sessions(person_id: UUID) -> None:
    """Sign `person_id` out everywhere: every session ends, and no cookie of theirs holds."""
    end_every(person_id)
    with seeing(SYSTEM):
        session().execute(
            update(Credentials)
            .where(Credentials.person_id == person_id)
            .values(uniquifier=secrets.token_hex(16))
        )


def _end(which: Any) -> None:
    with seeing(SYSTEM):
        session().execute(
            update(SignIn).where(which, SignIn.ended_at.is_(None)).values(ended_at=clock.now())
        )


@cache
def _by_cookie() -> Any:
    """Made once: each request asks it, and SQLAlchemy keeps what it made of it."""
    return _holding().where(
        SignIn.token_hash == bindparam("token_hash"),
        Credentials.uniquifier == bindparam("uniquifier"),
    )


@cache
def _by_id() -> Any:
    return _holding().where(SignIn.id == bindparam("sign_in"))


def _held(now: datetime, token: str, uniquifier: str) -> dict[str, Any]:
    return _times(now) | {"token_hash": _hash(token), "uniquifier": uniquifier}


def _times(now: datetime) -> dict[str, Any]:
    return {"now": now, "used_since": now - IDLE}


def _holding() -> Any:
    now = bindparam("now", type_=SignIn.expires_at.type)
    return (
        select(
            SignIn.id,
            SignIn.strong,
            SignIn.created_at,
            SignIn.seen_at,
            Person.id.label("person_id"),
            Person.name,
            Person.language,
            Membership.role,
            Membership.strand,
            Membership.organisation_id,
            Membership.case_id,
        )
        .join(Person, Person.id == SignIn.person_id)
        .join(Credentials, Credentials.person_id == SignIn.person_id)
        .outerjoin(Membership, (Membership.person_id == Person.id) & holds(now))
        .where(
            SignIn.ended_at.is_(None),
            SignIn.expires_at > now,
            SignIn.seen_at > bindparam("used_since"),
        )
        .where(Person.active)
    )


def holds(now: Any) -> Any:
    """The condition of a membership that counts at `now`."""
    return or_(Membership.ended_at.is_(None), Membership.ended_at > now)


def _actor(rows: Sequence[Found[Any]], address: str) -> Actor:
    first = rows[0]
    return Actor(
        ActorKind.PERSON,
        id=first.person_id,
        name=first.name,
        grants=tuple(
            Grant(row.role, row.strand, row.organisation_id, row.case_id)
            for row in rows
            if row.role
        ),
        strong=first.strong,
        language=first.language,
        address=address,
    )


def _hash(token: str) -> bytes:
    # 256 random bits need no pepper; the prefix keeps other tokens out.
    return hashlib.sha256(b"sign-in\x00" + token.encode()).digest()

"""Private links: whoever holds the address may come in, for one purpose and for a time.

The token is 256 random bits; its peppered hash alone is kept, so that a stolen database opens
nothing. Its purpose is hashed with it: a link made for one thing is never taken for another.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Update, select, update

from cyberdesk.core import clock
from cyberdesk.core.access.models import PrivateLink
from cyberdesk.core.crypto import tokens, vault
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM


def make_link(purpose: str, subject_id: UUID, *, lasts: timedelta) -> str:
    """Return the token of a new link to `subject_id`; it is told once and kept nowhere."""
    token, now = tokens.new_token(), clock.now()
    with seeing(SYSTEM):
        session().add(
            PrivateLink(
                purpose=purpose,
                subject_id=subject_id,
                token_hash=tokens.token_hash(token, purpose=purpose, peppers=vault.peppers()),
                created_at=now,
                expires_at=now + lasts,
            )
        )
    return token


def find_link(purpose: str, token: str) -> PrivateLink | None:
    """Return the link that `token` opens, or None: unknown, used, revoked and late are alike."""
    with seeing(SYSTEM):
        return session().scalar(select(PrivateLink).where(*opened_by(purpose, token)))


def opened_by(purpose: str, token: str) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of the link that `token` opens, for queries that begin at the link."""
    hashes = tokens.token_hashes(token, purpose=purpose, peppers=vault.peppers())
    return PrivateLink.token_hash.in_(hashes), PrivateLink.purpose == purpose, *_valid()


def use_link(purpose: str, token: str) -> UUID | None:
    """Use up the link and return its subject, or None; of two that try at once, one succeeds."""
    found = find_link(purpose, token)
    if found is None:
        return None
    with seeing(SYSTEM):
        return session().scalar(
            update(PrivateLink)
            .where(PrivateLink.id == found.id, *_valid())
            .values(used_at=clock.now())
            .returning(PrivateLink.subject_id)
        )


def extend_link(link: PrivateLink, until: datetime) -> None:
    """Let `link` hold until `until`, when that is later."""
    with seeing(SYSTEM):
        link.expires_at = max(link.expires_at, until)


def revoke_links(purpose: str, subject_id: UUID) -> int:
    """Close every link of this purpose to `subject_id`; return how many were open."""
    return _revoke(
        update(PrivateLink).where(
            PrivateLink.subject_id == subject_id, PrivateLink.purpose == purpose
        )
    )


def _revoke(which: Update) -> int:
    with seeing(SYSTEM):
        done = session().execute(which.where(*_valid()).values(revoked_at=clock.now()))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _valid() -> tuple[ColumnElement[bool], ...]:
    return (
        PrivateLink.used_at.is_(None),
        PrivateLink.revoked_at.is_(None),
        PrivateLink.expires_at > clock.now(),
    )

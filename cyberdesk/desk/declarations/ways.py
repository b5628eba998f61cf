"""Ways in without an account: whoever holds one reaches one declaration or one case, in one role.

Each way stands behind a private link (`core.access.links`), which is exchanged for a cookie so that
its token does not stay in an address. It can be ended at any time, and ends by itself.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, ActorKind, Grant, Role
from cyberdesk.core.access.links import make_link, opened_by, revoke_links
from cyberdesk.core.access.models import PrivateLink
from cyberdesk.core.audit import record
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.text import Text, _
from cyberdesk.desk.declarations.models import Declaration, Way

PURPOSE = "way"
_SEEN_EVERY = timedelta(minutes=5)
_LONGEST_TOKEN = 80


@dataclass(frozen=True, slots=True)
class Issued:
    """A new way and the token of its link, which is told once and kept nowhere."""

    way: Way
    token: str


def issue(
    actor: Actor,
    role: Role,
    *,
    lasts: timedelta,
    declaration_id: UUID | None = None,
    case_id: UUID | None = None,
    label: str = "",
) -> Issued:
    """Open a way for `role` to one declaration or one case; `label` says for whom."""
    now = clock.now()
    way = Way(
        role=str(role),
        declaration_id=declaration_id,
        case_id=case_id,
        label=label,
        made_by=actor.name,
        made_at=now,
        expires_at=now + lasts,
    )
    session().add(way)
    session().flush()
    record(actor, "way:open", way, {"role": way.role, "expires_at": way.expires_at})
    return Issued(way, make_link(PURPOSE, way.id, lasts=lasts))


def end(actor: Actor, way: Way) -> None:
    """Close a way now; closing it twice is once."""
    if way.ended_at is None:
        way.ended_at = clock.now()
        revoke_links(PURPOSE, way.id)
        record(actor, "way:end", way)


def actor_of(token: str, *, address: str = "", language: str = "fr") -> Actor | None:
    """Return who holds `token`, or None when it is unknown, ended or over."""
    if not token or len(token) > _LONGEST_TOKEN:
        return None
    with seeing(SYSTEM):
        found = session().execute(_found(token)).first()
        if found is None:
            return None
        way, case_id = found
        if way.used_at is None or clock.now() - way.used_at > _SEEN_EVERY:
            way.used_at = clock.now()
    return Actor(
        ActorKind.LINK,
        id=way.id,
        name=way.label or str(role_in_words(way.role)),
        grants=_grants(way, case_id),
        language=language,
        address=address,
    )


def role_in_words(role: str) -> Text:
    said = {
        Role.DECLARANT: _("the person who declared"),
        Role.MAYOR: _("the mayor"),
        Role.PROVIDER: _("the provider"),
        Role.DPO: _("the data protection officer"),
        Role.MEMBER: _("someone of the commune"),
    }
    return said.get(Role(role)) or _("someone with a link")


def _found(token: str) -> Select[Way, UUID | None]:
    return (
        select(Way, Declaration.case_id)
        .join(PrivateLink, PrivateLink.subject_id == Way.id)
        .outerjoin(Declaration, Declaration.id == Way.declaration_id)
        .where(*opened_by(PURPOSE, token))
    )


def _grants(way: Way, case_id: UUID | None) -> tuple[Grant, ...]:
    grants = [Grant(way.role, declaration=way.declaration_id)] if way.declaration_id else []
    if case := way.case_id or case_id:
        grants.append(Grant(way.role, case=case))
    return tuple(grants)

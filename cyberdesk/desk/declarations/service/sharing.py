"""Sharing a case: a narrower role for somebody else, for a time, until it is taken back."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, Role, allowed
from cyberdesk.core.access.models import Membership
from cyberdesk.core.access.signin.sessions import holds
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import InvalidError, NotFoundError, TooManyError
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.sides import NARROW
from cyberdesk.desk.declarations import ways
from cyberdesk.desk.declarations.models import Way

SHARED = (str(Role.MAYOR), str(Role.MEMBER), str(Role.DPO), str(Role.PROVIDER))
_LASTS = timedelta(days=60)
_MOST = 20


@allowed("declaration:share")
def share(actor: Actor, case: Case, *, role: str, label: str) -> ways.Issued:
    """Open a way for the mayor, a colleague, the DPO or the provider; `label` says for whom."""
    if role not in SHARED:
        raise InvalidError(_("Choose for whom the link is."), fields={"role": [role]})
    if len([way for way in ways_of(actor, case) if way.ended_at is None]) >= _MOST:
        raise TooManyError(_("This case has many links already. Take one back first."))
    issued = ways.issue(actor, Role(role), lasts=_LASTS, case_id=case.id, label=label)
    cases.tell(actor, case, "case:shared", facts={"role": role})
    return issued


@allowed("declaration:share")
def end_share(actor: Actor, case: Case, way_id: UUID) -> Way:
    """Take a link back; whoever holds it sees nothing from now on."""
    way = next((one for one in ways_of(actor, case) if one.id == way_id), None)
    if way is None:
        raise NotFoundError(_("There is no such link."))
    if way.ended_at is None:
        ways.end(actor, way)
        cases.tell(actor, case, "case:unshared", facts={"role": way.role})
    return way


@allowed("declaration:share")
def ways_of(actor: Actor, case: Case) -> Sequence[Way]:
    """Return the ways to a case that still hold or were taken back, newest first."""
    del actor
    mine = or_(Way.case_id == case.id, Way.declaration_id == case.declaration_id)
    wanted = select(Way).where(mine, Way.expires_at > clock.now())
    return session().scalars(wanted.order_by(Way.made_at.desc())).all()


@allowed("case:read")
def readers_in_part(actor: Actor, case: Case) -> set[str]:
    """Return the sides (`sides.READERS`) that hold a way to this case, or a role on it."""
    del actor
    ours = or_(Way.case_id == case.id, Way.declaration_id == case.declaration_id)
    held = select(Way.role).where(ours, Way.ended_at.is_(None), Way.expires_at > clock.now())
    there = or_(Membership.case_id == case.id, Membership.organisation_id == case.organisation_id)
    roles = select(Membership.role).where(there, holds(clock.now()))
    with seeing(SYSTEM):
        found = {*session().scalars(held), *session().scalars(roles)}
    return {side for role, side in NARROW.items() if role in found}

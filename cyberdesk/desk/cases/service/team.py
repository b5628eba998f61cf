"""The people of a desk, by name: the table of people itself shows everybody only themselves."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from cyberdesk.core import clock
from cyberdesk.core.access import STAFF
from cyberdesk.core.access.models import Membership, Person
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _


@dataclass(frozen=True, slots=True)
class Colleague:
    id: UUID
    name: str
    lead: bool


def team(strand: str) -> list[Colleague]:
    """Return who works on the desk of `strand` today, by name."""
    now = clock.now()
    wanted = (
        select(Person.id, Person.name, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.strand == strand, Membership.role.in_([str(r) for r in STAFF]))
        .where(or_(Membership.ended_at.is_(None), Membership.ended_at > now), Person.active)
        .order_by(Person.name)
    )
    with seeing(SYSTEM):
        rows = session().execute(wanted).all()
    leads = {row.id for row in rows if row.role == "lead"}
    names = {row.id: row.name for row in rows}
    return [Colleague(id_, name, id_ in leads) for id_, name in names.items()]


def colleague(strand: str, person_id: UUID) -> Colleague:
    """Return one of the desk's people; raise InvalidError for anybody else."""
    for one in team(strand):
        if one.id == person_id:
            return one
    raise InvalidError(
        _("This person does not work on this desk."),
        fields={"to": [_("Choose one of the list.")]},
    )

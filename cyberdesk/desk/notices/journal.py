"""A broken journal is told to those who administer and audit, by letter."""

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Role
from cyberdesk.core.access.models import Membership, Person
from cyberdesk.core.access.signin.sessions import holds
from cyberdesk.core.audit.models import AuditVerdict
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.letters import write

_TOLD = (Role.ADMIN.value, Role.AUDITOR.value)


def tell(verdict: AuditVerdict) -> None:
    """Write to each of them, in the transaction that keeps the verdict."""
    held = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.role.in_(_TOLD), holds(clock.now()), Person.active)
        .distinct()
    )
    with seeing(SYSTEM):
        for person in session().scalars(held):
            write(
                "journal-broken",
                to=person.email,
                language=person.language,
                dedup=f"journal-broken:{verdict.id}:{person.id}",
                at=verdict.at.isoformat(),
                fault=verdict.fault,
            )

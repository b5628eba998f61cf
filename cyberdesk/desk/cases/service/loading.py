"""Reaching a case: the one loader, and the trace that reading leaves."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, ActorKind
from cyberdesk.core.audit import record
from cyberdesk.core.db import session
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.ids import read_reference
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import Case, CaseReading


def find_case(actor: Actor, case: UUID | str, *, may: str = "case:read") -> Case:
    """Return the case of this id or spoken reference when `actor` has `may` there, without a trace.

    For acts that show nothing of its protected content; pages use `access_case`.
    Raises NotFoundError, the same for absent and forbidden.
    """
    wanted = _condition(case)
    found = session().scalar(select(Case).where(wanted)) if wanted is not None else None
    if found is None or not actor.may(may, found.place()):
        raise NotFoundError(_("There is no such case, or it is not open to you."))
    return found


def access_case(actor: Actor, case: UUID | str, *, may: str = "case:read") -> Case:
    """Return the case when `actor` has `may` there, and journal the reading once an hour.

    Raises NotFoundError, the same for absent and forbidden.
    """
    found = find_case(actor, case, may=may)
    if actor.kind is not ActorKind.SYSTEM and _first_this_hour(actor, found):
        record(actor, "case:read", found)
    return found


def _condition(case: UUID | str) -> ColumnElement[bool] | None:
    if isinstance(case, UUID):
        return Case.id == case
    reference = read_reference(case)
    return Case.reference == reference if reference else None


def _first_this_hour(actor: Actor, case: Case) -> bool:
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    mark = insert(CaseReading).values(
        case_id=case.id, reader=f"{actor.kind.value}:{actor.id}", hour=hour
    )
    done = session().execute(mark.on_conflict_do_nothing().returning(CaseReading.hour))
    return done.first() is not None

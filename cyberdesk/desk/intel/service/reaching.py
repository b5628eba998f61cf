"""Reaching observables: one, all of a case, and the same value in other cases."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select

from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.db import session
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.intel.lookups import lookups
from cyberdesk.desk.intel.models import OBSERVABLE, StixObject
from cyberdesk.desk.intel.reading import Value

_MOST_PAIRS = 500


def access_object(actor: Actor, object_id: UUID) -> StixObject:
    """Return the object when `actor` may see it; reading its case is journalled once an hour.

    Raises NotFoundError, the same for absent and forbidden.
    """
    found = session().get(StixObject, object_id)
    if found is None or not actor.may("observable:read", found.place()):
        raise NotFoundError(_("There is no such observable, or it is not open to you."))
    cases.access_case(actor, found.case_id)
    return found


@allowed("observable:read")
def objects_of(actor: Actor, case: Case) -> Sequence[StixObject]:
    """Return observables and indicators of a case, in the order in which they were added."""
    wanted = select(StixObject).where(StixObject.case_id == case.id)
    return session().scalars(wanted.order_by(StixObject.added_at, StixObject.id)).all()


@allowed("observable:read")
def count_of(actor: Actor, case: Case) -> int:
    """Return how many observables count in a case."""
    wanted = select(func.count()).where(
        StixObject.case_id == case.id,
        StixObject.kind == OBSERVABLE,
        StixObject.retracted_at.is_(None),
    )
    return session().scalar(wanted) or 0


@allowed("observable:read")
def indicators_from(actor: Actor, found: StixObject) -> Sequence[StixObject]:
    wanted = select(StixObject).where(StixObject.based_on_id == found.id)
    return session().scalars(wanted.order_by(StixObject.added_at)).all()


@allowed("observable:read")
def elsewhere(actor: Actor, case: Case, values: Iterable[Value]) -> dict[Value, list[Case]]:
    """Return the other cases that hold the very same values, among those that `actor` sees.

    What stands in cases that the actor does not see changes nothing here, not even a count.
    """
    by_hash = {key: value for value in values for key in lookups(value)}
    wanted = (
        select(StixObject.lookup, Case)
        .join(Case, StixObject.case_id == Case.id)
        .where(StixObject.lookup.in_(by_hash), StixObject.kind == OBSERVABLE)
        .where(StixObject.retracted_at.is_(None), Case.id != case.id)
        .order_by(Case.opened_at.desc())
        .limit(_MOST_PAIRS)
    )
    found: dict[Value, list[Case]] = {}
    for key, other in session().execute(wanted).unique():
        if actor.may("observable:read", other.place()):
            found.setdefault(by_hash[key], []).append(other)
    return found

"""The observables of a case as a page shows them: a bounded number at once, counted by sort."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.db import session
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.intel.models import OBSERVABLE, StixObject
from cyberdesk.desk.intel.reading import Sort

PAGE = 100  # observables shown at once
_COUNTS = StixObject.retracted_at.is_(None)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the observables of a case, newest first; `sorts` counts all of them by sort."""

    rows: Sequence[StixObject]
    sorts: Mapping[Sort, int]
    retracted: int
    page: int
    pages: int


@allowed("observable:read")
def shelf(
    actor: Actor, case: Case, *, sort: Sort | None = None, gone: bool = False, page: int = 1
) -> Shelf:
    """Return a page of the observables that count, of one sort when it is given, or the `gone`."""
    sorts, retracted = _counted(case)
    total = retracted if gone else (sorts.get(sort, 0) if sort else sum(sorts.values()))
    pages = max(1, -(-total // PAGE))
    at = min(max(page, 1), pages)
    wanted = select(StixObject).where(_of(case), StixObject.kind == OBSERVABLE)
    wanted = wanted.where(~_COUNTS if gone else _COUNTS)
    if sort and not gone:
        wanted = wanted.where(StixObject.sort == str(sort))
    wanted = wanted.order_by(StixObject.added_at.desc(), StixObject.id.desc())
    rows = session().scalars(wanted.limit(PAGE).offset((at - 1) * PAGE)).all()
    return Shelf(rows, sorts, retracted, at, pages)


def _counted(case: Case) -> tuple[dict[Sort, int], int]:
    counts = _COUNTS.label("counts")
    told = select(StixObject.sort, counts, func.count().label("many"))
    told = told.where(_of(case), StixObject.kind == OBSERVABLE)
    rows = session().execute(told.group_by(StixObject.sort, counts)).all()
    known = {row.sort: row.many for row in rows if row.counts}
    sorts = {one: known[one.value] for one in Sort if one.value in known}
    return sorts, sum(row.many for row in rows if not row.counts)


@allowed("observable:read")
def indicated(actor: Actor, case: Case, rows: Iterable[StixObject]) -> dict[UUID, StixObject]:
    """Return the indicator made from each of `rows` that has one, by the id of the observable."""
    ids = [row.id for row in rows]
    wanted = select(StixObject).where(_of(case), StixObject.based_on_id.in_(ids))
    return {one.based_on_id: one for one in session().scalars(wanted) if one.based_on_id}


def _of(case: Case) -> ColumnElement[bool]:
    return StixObject.case_id == case.id

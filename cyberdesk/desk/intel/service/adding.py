"""Adding observables to a case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import note as journalled
from cyberdesk.core.audit import recorded
from cyberdesk.core.db import session
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.locking import lock
from cyberdesk.desk.cases.service.wording import needed
from cyberdesk.desk.intel import making, privacy
from cyberdesk.desk.intel.lookups import lookup, mark
from cyberdesk.desk.intel.marking import Tlp
from cyberdesk.desk.intel.models import OBSERVABLE, StixObject
from cyberdesk.desk.intel.reading import KINDS, Value
from cyberdesk.desk.intel.vocabulary import PERSON, SOURCES

MOST_IN_A_CASE = 5000
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Added:
    """What was new to the case, and what it held already, retracted or not."""

    new: tuple[StixObject, ...]
    known: tuple[StixObject, ...]


@allowed("observable:add")
@recorded("observable:add", about="case")
def add_observables(
    actor: Actor,
    case: Case,
    values: Sequence[Value],
    *,
    marking: Tlp | None = None,
    note: str = "",
    source: str = PERSON,
    source_id: UUID | None = None,
    seen_at: datetime | None = None,
    seen_until: datetime | None = None,
) -> Added:
    """Keep `values` as observables of the case; what it holds already is left as it is.

    Without a `marking` each gets the one that `privacy.suggested` gives it.
    Raises InvalidError, and then nothing is kept.
    """
    refuse_wrong(note, source, seen_at, seen_until)
    made, held = _fresh(actor, case, values, marking)
    for row in made:
        row.note, row.source, row.source_id = note.strip(), source, source_id
        row.seen_at, row.seen_until = seen_at, seen_until
    session().add_all(made)
    journalled(values=len(values), added=[row.id for row in made])
    if made:
        cases.tell(actor, case, "observable:added", facts={"count": len(made)}, desk_only=True)
    return Added(tuple(made), held)


@allowed("observable:add")
@recorded("observable:set-aside", about="case")
def set_aside(
    actor: Actor,
    case: Case,
    values: Sequence[Value],
    *,
    reason: str,
    source: str = PERSON,
    source_id: UUID | None = None,
) -> Added:
    """Look at proposed values and keep none: each is retracted at once, and proposed no more."""
    refuse_wrong("", source, None, None)
    words, now = needed("reason", reason), clock.now()
    made, held = _fresh(actor, case, values, None)
    for row in made:
        row.note, row.source, row.source_id = "", source, source_id
        row.retracted_at, row.retracted_by, row.reason = now, actor.name, words
    session().add_all(made)
    journalled(values=len(values), added=[row.id for row in made])
    if made:
        cases.tell(actor, case, "observable:set-aside", facts={"count": len(made)}, desk_only=True)
    return Added(tuple(made), held)


def _fresh(
    actor: Actor, case: Case, values: Sequence[Value], marking: Tlp | None
) -> tuple[list[StixObject], tuple[StixObject, ...]]:
    """Make objects of the values that are new to the case; return them, and those it holds."""
    lock(case)
    held = of_values(case, values)
    unique = {mark(case.key_id, OBSERVABLE, value): value for value in values}
    fresh = {key: value for key, value in unique.items() if key not in held}
    _refuse_too_many(case, len(fresh))
    made = [_object(actor, case, value, key, marking) for key, value in fresh.items()]
    return made, tuple(held.values())


def of_values(case: Case, values: Iterable[Value]) -> dict[bytes, StixObject]:
    """Return those of `values` that the case holds, by their mark."""
    return of_marks(case, {mark(case.key_id, OBSERVABLE, value) for value in values})


def of_marks(case: Case, marks: Iterable[bytes]) -> dict[bytes, StixObject]:
    wanted = select(StixObject).where(StixObject.case_id == case.id, StixObject.mark.in_(marks))
    return {row.mark: row for row in session().scalars(wanted)}


def _object(actor: Actor, case: Case, value: Value, key: bytes, marking: Tlp | None) -> StixObject:
    now = clock.now()
    return StixObject(
        key_id=case.key_id,
        case=case,
        case_id=case.id,
        kind=OBSERVABLE,
        sort=str(value.sort),
        type=KINDS[value.sort].stix,
        marking=str(marking or privacy.suggested(value)),
        mark=key,
        lookup=lookup(value),
        added_at=now,
        changed_at=now,
        added_by_kind=actor.kind.value,
        added_by_id=actor.id,
        added_by_name=actor.name,
        content={"value": value.text, "objects": making.observables(value)},
    )


def refuse_wrong(
    note: str, source: str, seen_at: datetime | None, seen_until: datetime | None
) -> None:
    """Raise InvalidError, by field, for what cannot be said of an observable."""
    wrong = {}
    if len(note) > LONGEST_NOTE:
        wrong["note"] = [_("At most %(count)s characters fit here.", count=LONGEST_NOTE)]
    if source not in SOURCES:
        wrong["source"] = [_("Choose one of the list.")]
    for name, at in (("seen_at", seen_at), ("seen_until", seen_until)):
        if at is not None and at > clock.now():
            wrong[name] = [_("in the future")]
    if seen_at and seen_until and seen_until < seen_at:
        wrong["seen_until"] = [_("before it was first seen")]
    if wrong:
        raise InvalidError(_("Something needs another look."), fields=wrong)


def _refuse_too_many(case: Case, fresh: int) -> None:
    count = select(func.count()).where(StixObject.case_id == case.id)
    if fresh and (session().scalar(count) or 0) + fresh > MOST_IN_A_CASE:
        raise InvalidError(
            _("A case holds at most %(most)s observables.", most=MOST_IN_A_CASE),
            hint=_("Lists of this size belong in a feed of indicators, not in a case."),
        )

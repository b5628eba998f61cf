"""Making an indicator from an observable: the pattern by which others find the same."""

from uuid import uuid4

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import recorded
from cyberdesk.core.db import session
from cyberdesk.core.errors import ConflictError
from cyberdesk.core.text import _, in_each
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.service.locking import lock
from cyberdesk.desk.intel import making
from cyberdesk.desk.intel.authors import centre
from cyberdesk.desk.intel.lookups import mark
from cyberdesk.desk.intel.marking import LEVELS
from cyberdesk.desk.intel.models import INDICATOR, StixObject
from cyberdesk.desk.intel.reading import KINDS
from cyberdesk.desk.intel.service.adding import of_marks


@allowed("observable:indicate", on="found")
@recorded("observable:indicate", about="found")
def make_indicator(actor: Actor, found: StixObject) -> StixObject:
    """Make the indicator that finds this observable elsewhere, marked as the observable is.

    Its texts are of the house's making: what a person wrote stays in the note.
    Raises ConflictError when there is one, or when the observable does not count.
    """
    lock(found.case)
    if found.is_indicator or found.retracted_at is not None:
        raise ConflictError(_("An indicator is made from an observable that counts."))
    key = mark(found.key_id, INDICATOR, found.value)
    if of_marks(found.case, [key]):
        raise ConflictError(_("There is an indicator of this already."))
    made = _indicator(actor, found, key)
    session().add(made)
    cases.tell(actor, found.case, "observable:indicated", desk_only=True)
    return made


def _indicator(actor: Actor, found: StixObject, key: bytes) -> StixObject:
    now, value = clock.now(), found.value
    title = in_each(_("%(what)s seen in an incident", what=KINDS[value.sort].title))["fr"]
    stix = making.indicator(
        value,
        stix_id=f"indicator--{uuid4()}",
        author=centre()["id"],
        since=now,
        marking=LEVELS[found.tlp].stix_id,
        description=title,
    )
    return StixObject(
        key_id=found.key_id,
        case=found.case,
        case_id=found.case_id,
        kind=INDICATOR,
        sort=found.sort,
        type="indicator",
        marking=found.marking,
        mark=key,
        lookup=found.lookup,
        based_on_id=found.id,
        source=found.source,
        source_id=found.source_id,
        seen_at=found.seen_at,
        seen_until=found.seen_until,
        added_at=now,
        changed_at=now,
        added_by_kind=actor.kind.value,
        added_by_id=actor.id,
        added_by_name=actor.name,
        content={"value": value.text, "objects": [stix]},
    )

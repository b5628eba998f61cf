"""Changing an observable: its note, its marking, and whether it counts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, allowed
from cyberdesk.core.audit import note as journalled
from cyberdesk.core.audit import recorded
from cyberdesk.core.db import session
from cyberdesk.core.errors import ConflictError
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.service.locking import lock
from cyberdesk.desk.cases.service.wording import needed
from cyberdesk.desk.intel import making
from cyberdesk.desk.intel.marking import LEVELS, Tlp
from cyberdesk.desk.intel.models import StixObject
from cyberdesk.desk.intel.service.adding import refuse_wrong


@dataclass(frozen=True, slots=True)
class Seen:
    """When something was first and last seen at the victim's, as far as that is known."""

    first: datetime | None = None
    last: datetime | None = None


@allowed("observable:change", on="found")
@recorded("observable:change", about="found")
def change(
    actor: Actor,
    found: StixObject,
    *,
    note: str | None = None,
    marking: Tlp | None = None,
    seen: Seen | None = None,
) -> StixObject:
    """Write another note on an observable, mark it anew, or say when it was seen.

    None leaves either as it is. Raises InvalidError.
    """
    _hold(found)
    told = seen or Seen(found.seen_at, found.seen_until)
    refuse_wrong(note or "", found.source, told.first, told.last)
    noted = note is not None and note.strip() != found.note
    if noted or told != Seen(found.seen_at, found.seen_until):
        found.note = found.note if note is None else note.strip()
        found.seen_at, found.seen_until = told.first, told.last
        cases.tell(actor, found.case, "observable:changed", desk_only=True)
    if marking is not None and marking is not found.tlp:
        _mark(actor, found, marking)
    found.changed_at = clock.now()
    return found


@allowed("observable:retract", on="found")
@recorded("observable:retract", about="found")
def retract(actor: Actor, found: StixObject, *, reason: str) -> StixObject:
    """Say that it does not count, and why. It stays, marked so, and leaves no more."""
    words = needed("reason", reason)
    _hold(found)
    if found.retracted_at is not None:
        raise ConflictError(_("It is retracted already."))
    found.retracted_at = found.changed_at = clock.now()
    found.retracted_by, found.reason = actor.name, words
    cases.tell(actor, found.case, "observable:retracted", words=words, desk_only=True)
    return found


@allowed("observable:retract", on="found")
@recorded("observable:restore", about="found")
def restore(actor: Actor, found: StixObject) -> StixObject:
    """Let a retracted one count again."""
    _hold(found)
    if found.retracted_at is None:
        raise ConflictError(_("It is not retracted."))
    found.retracted_at = found.retracted_by = found.reason = None
    found.changed_at = clock.now()
    cases.tell(actor, found.case, "observable:restored", desk_only=True)
    return found


def _hold(found: StixObject) -> None:
    """Act on it as it is now: two who retract it at once do it once."""
    lock(found.case)
    session().refresh(found)


def _mark(actor: Actor, found: StixObject, marking: Tlp) -> None:
    journalled(before=found.marking, after=str(marking))
    found.marking = str(marking)
    indicators = [found] if found.is_indicator else _made_from(found)
    for one in indicators:
        one.marking, content = str(marking), one.content
        first, *others = content["objects"]
        marked = making.marked(first, LEVELS[marking].stix_id, clock.now())
        one.content = content | {"objects": [marked, *others]}
    facts = {"tlp": str(marking)}
    cases.tell(actor, found.case, "observable:marked", facts=facts, desk_only=True)


def _made_from(found: StixObject) -> list[StixObject]:
    """The indicators of an observable: they are marked as it is."""
    return list(session().scalars(select(StixObject).where(StixObject.based_on_id == found.id)))

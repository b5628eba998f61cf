"""Another severity than the computed one: set by a person, justified, kept beside it."""

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.errors import ConflictError, InvalidError
from cyberdesk.core.events import events
from cyberdesk.core.text import _
from cyberdesk.desk.cases.levels import LEVELS, level
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.locking import lock_open
from cyberdesk.desk.cases.service.telling import tell
from cyberdesk.desk.cases.service.waiting import rerank
from cyberdesk.desk.cases.service.wording import needed


@allowed("case:severity")
@recorded("case:severity")
def override_severity(
    actor: Actor, case: Case, *, to: int, reason: str, seen: int | None = None
) -> Case:
    """Put level `to` (1 to 4) in force, with its justification; the computed one stays known."""
    lock_open(case, seen)
    words = needed("reason", reason)
    if to not in {one.number for one in LEVELS}:
        raise InvalidError(_("Something is missing."), fields={"to": [_("Choose a severity.")]})
    if to == case.level:
        raise ConflictError(_("The case already has this severity."))
    _put_in_force(actor, case, to, words)
    return case


@allowed("case:severity")
@recorded("case:severity-computed")
def drop_override(actor: Actor, case: Case, *, reason: str, seen: int | None = None) -> Case:
    """Put the computed severity back in force."""
    lock_open(case, seen)
    if case.overridden_at is None:
        raise ConflictError(_("The computed severity is in force already."))
    words, before = needed("reason", reason), case.level
    case.level, case.severity = case.computed_level, case.computed_severity
    case.overridden_at, case.overridden_by, case.override_reason = None, None, None
    _told(actor, case, before, words)
    return case


def _put_in_force(actor: Actor, case: Case, to: int, words: str) -> None:
    before = case.level
    same = to == case.computed_level
    case.level = to
    case.severity = case.computed_severity if same else level(to).typical
    case.overridden_by, case.overridden_at = actor.name, clock.now()
    case.override_reason = words
    _told(actor, case, before, words)


def _told(actor: Actor, case: Case, before: int, words: str) -> None:
    note(before=before, after=case.level)
    rerank(case)
    facts = {"before": before, "after": case.level}
    tell(actor, case, "case:severity", facts=facts, words=words, desk_only=True)
    events.emit("case:severity", case=case, actor=actor, before=before)

"""Break-glass: a lead opens a case of another desk in an emergency, says why, and is seen doing it.

It gives a lead's role on that one case for a few hours, by an ordinary membership that ends.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, ActorKind, Role
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.access.models import Membership
from cyberdesk.core.audit import record
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, ForbiddenError, NotFoundError
from cyberdesk.core.events import events
from cyberdesk.core.ids import new_id, read_reference
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import Case, GlassBreak
from cyberdesk.desk.cases.service.telling import tell
from cyberdesk.desk.cases.service.wording import needed

LASTS = timedelta(hours=4)


@allowed("case:break-glass")
def break_glass(actor: Actor, *, reference: str, reason: str) -> GlassBreak:
    """Open the case of this reference to a lead of another desk, for LASTS.

    The timeline and the journal of the case say so, and its desk is told. Raises NotFoundError.
    """
    words = needed("reason", reason)
    if actor.kind is not ActorKind.PERSON or not actor.strong or actor.id is None:
        raise ForbiddenError(_("Only a person with a second factor may do this."))
    with seeing(SYSTEM):
        case = _of_reference(reference)
        if actor.may("case:read", case.place()):
            raise ConflictError(_("This case is open to you already."))
        opened = _opened(actor, case, words)
        record(actor, "case:break-glass", opened, {"reason": words, "until": opened.until})
        facts = {"until": opened.until.isoformat()}
        tell(actor, case, "case:break-glass", facts=facts, words=words, desk_only=True)
        events.emit("case:break-glass", case=case, actor=actor, opened=opened)
    return opened


def broken_into(case: Case) -> Sequence[GlassBreak]:
    """Return the emergency openings of `case` that are still in force, for its page to show."""
    wanted = select(GlassBreak).where(GlassBreak.case_id == case.id)
    return session().scalars(wanted.where(GlassBreak.until > clock.now())).all()


def _of_reference(reference: str) -> Case:
    found = session().scalar(select(Case).where(Case.reference == read_reference(reference)))
    if found is None:
        raise NotFoundError(_("There is no case of this reference."))
    return found


def _opened(actor: Actor, case: Case, words: str) -> GlassBreak:
    assert actor.id is not None
    now = clock.now()
    opened = GlassBreak(
        key_id=case.key_id,
        case=case,
        case_id=case.id,
        person_id=actor.id,
        person_name=actor.name,
        reason=words,
        at=now,
        until=now + LASTS,
    )
    session().add(opened)
    _hold(actor.id, case.id, now, opened.until)
    return opened


def _hold(person_id: UUID, case_id: UUID, now: datetime, until: datetime) -> None:
    """Give the role on the case until then; one that was given before is given again."""
    values = {
        "id": new_id(),
        "person_id": person_id,
        "role": str(Role.LEAD),
        "case_id": case_id,
        "created_at": now,
        "ended_at": until,
    }
    given = insert(Membership).values(values)
    place = [Membership.person_id, Membership.role, Membership.strand]
    place += [Membership.organisation_id, Membership.case_id]
    session().execute(given.on_conflict_do_update(index_elements=place, set_={"ended_at": until}))

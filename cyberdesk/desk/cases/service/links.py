"""Cases that have to do with each other, and cases that are one and the same.

A duplicate is closed and points at the case that goes on; nothing of it is moved or rewritten, so
that taking it back loses nothing. Links cross organisations and are known to the desk alone;
only cases of one organisation can be duplicates.
"""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.audit import recorded
from cyberdesk.core.db import session
from cyberdesk.core.errors import ConflictError
from cyberdesk.core.events import events
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import CLOSED, OPEN, Case, CaseLink
from cyberdesk.desk.cases.service.locking import lock, lock_open
from cyberdesk.desk.cases.service.telling import tell
from cyberdesk.desk.cases.service.waiting import rerank
from cyberdesk.desk.cases.service.wording import needed

RELATED, DUPLICATE = "related", "duplicate"


@allowed("case:link")
@recorded("case:link")
def link(actor: Actor, case: Case, *, other: Case, reason: str) -> CaseLink:
    """Note that two cases have to do with each other: same attacker, same provider, …"""
    words = needed("reason", reason)
    _in_order(case, other)
    made = _linked(actor, case, other, RELATED, words)
    _tell_both(actor, made, "case:linked")
    return made


@allowed("case:link", on="link")
@recorded("case:unlink", about="link")
def unlink(actor: Actor, link: CaseLink, *, reason: str) -> CaseLink:
    """End a link; it stays in both timelines and in the journal."""
    needed("reason", reason)
    _in_order(link.case, link.other)
    if link.ended_at is not None:
        raise ConflictError(_("This link has been ended already."))
    if link.kind == DUPLICATE:
        raise ConflictError(_("A duplicate is taken back from its own page."))
    link.ended_at = clock.now()
    _tell_both(actor, link, "case:unlinked")
    return link


@allowed("case:link")
@recorded("case:merge", about="case")
def merge(
    actor: Actor, case: Case, *, into: Case, reason: str, seen: int | None = None
) -> CaseLink:
    """Close `case` as a duplicate of `into`, where the work goes on."""
    words = needed("reason", reason)
    _in_order(case, into)
    lock_open(case, seen)
    _refuse_odd_merge(case, into)
    made = _linked(actor, case, into, DUPLICATE, words)
    case.state, case.outcome, case.closed_at = CLOSED, DUPLICATE, clock.now()
    case.duplicate_of_id = into.id
    rerank(case)
    tell(actor, case, "case:merged", facts={"into": into.reference}, words=words)
    tell(actor, into, "case:merged-in", facts={"from": case.reference}, desk_only=True)
    events.emit("case:merged", case=case, into=into, actor=actor)
    return made


@allowed("case:link")
@recorded("case:unmerge", about="case")
def unmerge(actor: Actor, case: Case, *, reason: str) -> Case:
    """Take back a merge: the case stands again where it stood, with all that it had."""
    words = needed("reason", reason)
    lock(case)
    if case.duplicate_of_id is None:
        raise ConflictError(_("This case is not a duplicate."))
    into = session().get_one(Case, case.duplicate_of_id)
    for active in _active(case, into):
        active.ended_at = clock.now()
    case.state, case.outcome, case.closed_at = OPEN, None, None
    case.duplicate_of_id = None
    rerank(case)
    tell(actor, case, "case:unmerged", facts={"into": into.reference}, words=words)
    tell(actor, into, "case:unmerged-from", facts={"from": case.reference}, desk_only=True)
    events.emit("case:unmerged", case=case, actor=actor)
    return case


@allowed("case:link")
def links_of(actor: Actor, case: Case) -> Sequence[CaseLink]:  # checked by the guard
    """Return the links in force of `case`, on either end, to cases that the actor may see."""
    here = or_(CaseLink.case_id == case.id, CaseLink.other_id == case.id)
    wanted = select(CaseLink).where(here, CaseLink.ended_at.is_(None))
    found = session().scalars(wanted.order_by(CaseLink.linked_at)).all()
    return [one for one in found if one.case is not None and one.other is not None]


def duplicate_of(case: Case) -> Case | None:
    """Return the case in which the work of a duplicate goes on."""
    return session().get(Case, case.duplicate_of_id) if case.duplicate_of_id else None


def duplicates(case: Case) -> Sequence[Case]:
    """Return the duplicates of `case`."""
    wanted = select(Case).where(Case.duplicate_of_id == case.id).order_by(Case.opened_at)
    return session().scalars(wanted).all()


def _linked(actor: Actor, case: Case, other: Case, kind: str, words: str) -> CaseLink:
    """Return a new link; a duplicate takes the place of what was only related."""
    for active in _active(case, other):
        if active.kind == DUPLICATE or kind == RELATED:
            raise ConflictError(_("These two cases are linked already."))
        active.ended_at = clock.now()
    session().flush()
    made = CaseLink(
        key_id=case.key_id,
        case=case,
        case_id=case.id,
        other=other,
        other_id=other.id,
        kind=kind,
        reason=words,
        author_name=actor.name,
        linked_at=clock.now(),
    )
    session().add(made)
    return made


def _active(case: Case, other: Case) -> Sequence[CaseLink]:
    either = or_(
        and_(CaseLink.case_id == case.id, CaseLink.other_id == other.id),
        and_(CaseLink.case_id == other.id, CaseLink.other_id == case.id),
    )
    wanted = select(CaseLink).where(either, CaseLink.ended_at.is_(None))
    return session().scalars(wanted).all()


def _in_order(case: Case, other: Case) -> None:
    """Lock two cases, always in the same order, so that two people cannot wait for each other."""
    if case.id == other.id:
        raise ConflictError(_("A case cannot be linked to itself."))
    for one in sorted((case, other), key=lambda held: held.id):
        lock(one)


def _refuse_odd_merge(case: Case, into: Case) -> None:
    if case.organisation_id != into.organisation_id:
        raise ConflictError(
            _("These cases are of two organisations, and neither may learn of the other."),
            hint=_("Link them as related: only the desk sees it."),
        )
    if into.duplicate_of_id is not None:
        raise ConflictError(_("That case is itself a duplicate: choose the one that goes on."))
    if case.strand != into.strand:
        raise ConflictError(_("These cases are of two strands: link them as related."))


def _tell_both(actor: Actor, made: CaseLink, kind: str) -> None:
    for here, there in ((made.case, made.other), (made.other, made.case)):
        tell(actor, here, kind, facts={"other": there.reference}, desk_only=True)

"""Whose case it is: take, hand over, give back, call for the lead."""

from uuid import UUID

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, ActorKind
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.errors import ConflictError, ForbiddenError
from cyberdesk.core.events import events
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.locking import lock_open
from cyberdesk.desk.cases.service.team import colleague
from cyberdesk.desk.cases.service.telling import tell
from cyberdesk.desk.cases.service.waiting import rerank
from cyberdesk.desk.cases.service.wording import needed


@allowed("case:take")
@recorded("case:take")
def take(actor: Actor, case: Case) -> Case:
    """Make the case the actor's own. Raises ConflictError when somebody else was faster."""
    if actor.person is None:
        raise ForbiddenError(_("Only a person can take a case."))
    lock_open(case)
    if case.owner_id == actor.person:
        return case
    if case.owner_id is not None:
        raise ConflictError(
            _("%(name)s has already taken this case.", name=case.owner_name),
            hint=_("Ask them to hand it over, or take the next one in the queue."),
        )
    _give(case, actor.person, _name_of(actor, case))
    tell(actor, case, "case:taken")
    events.emit("case:taken", case=case, actor=actor)
    return case


@allowed("case:hand-over")
@recorded("case:hand-over")
def hand_over(actor: Actor, case: Case, *, to: UUID, note_to: str, seen: int | None = None) -> Case:
    """Give the case to a colleague of the same desk, with a note of what comes next."""
    lock_open(case, seen)
    _own_or_lead(actor, case)
    words = needed("note", note_to)
    person = colleague(case.strand, to)
    if person.id == case.owner_id:
        raise ConflictError(_("%(name)s already has this case.", name=person.name))
    note(before=case.owner_id, after=person.id)
    _give(case, person.id, person.name)
    facts = {"to": person.name, "to_id": str(person.id)}
    tell(actor, case, "case:handed-over", facts=facts, words=words, desk_only=True)
    events.emit("case:handed-over", case=case, actor=actor, to=person.id)
    return case


@allowed("case:release")
@recorded("case:release")
def release(actor: Actor, case: Case, *, reason: str, seen: int | None = None) -> Case:
    """Put the case back into the queue for anybody, and say why."""
    lock_open(case, seen)
    if case.owner_id is None:
        raise ConflictError(_("Nobody has this case."))
    _own_or_lead(actor, case)
    words = needed("reason", reason)
    note(before=case.owner_id)
    _give(case, None, None)
    tell(actor, case, "case:released", words=words, desk_only=True)
    events.emit("case:released", case=case, actor=actor)
    return case


@allowed("case:escalate")
@recorded("case:escalate")
def escalate(actor: Actor, case: Case, *, reason: str, seen: int | None = None) -> Case:
    """Call for the desk's lead. The case stays with its owner and moves up the queue."""
    lock_open(case, seen)
    words = needed("reason", reason)
    case.escalated_at = case.escalated_at or clock.now()
    rerank(case)
    tell(actor, case, "case:escalated", words=words, desk_only=True)
    events.emit("case:escalated", case=case, actor=actor)
    return case


@allowed("case:escalate")
@recorded("case:answer-escalation")
def answer_escalation(actor: Actor, case: Case, *, answer: str) -> Case:
    """Settle what the lead was called for: the case goes back to its ordinary place."""
    lock_open(case)
    if case.escalated_at is None:
        raise ConflictError(_("Nobody has called for the lead on this case."))
    if not actor.may("case:lead", case.place()):
        raise ForbiddenError(_("Only a lead answers an escalation."))
    words = needed("answer", answer)
    case.escalated_at = None
    rerank(case)
    tell(actor, case, "case:escalation-answered", words=words, desk_only=True)
    return case


def _give(case: Case, owner_id: UUID | None, name: str | None) -> None:
    now = clock.now()
    case.owner_id, case.owner_name = owner_id, name
    if owner_id and case.taken_at is None:
        case.taken_at = now
    rerank(case)


def _name_of(actor: Actor, case: Case) -> str:
    """A token takes in the name of its person: colleagues look for a person, not for a program."""
    if actor.kind is ActorKind.PERSON or actor.person is None:
        return actor.name
    return colleague(case.strand, actor.person).name


def _own_or_lead(actor: Actor, case: Case) -> None:
    if case.owner_id in (None, actor.person) or actor.may("case:lead", case.place()):
        return
    raise ForbiddenError(
        _("This case is %(name)s’s.", name=case.owner_name),
        hint=_("Ask them, or ask a lead."),
    )

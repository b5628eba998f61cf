"""Whom to talk to about a case, and what was said on the telephone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.audit import recorded
from cyberdesk.core.db import session
from cyberdesk.core.errors import ConflictError, InvalidError
from cyberdesk.core.events import events
from cyberdesk.core.text import _
from cyberdesk.desk.cases.models import Case, CaseEvent, CasePerson
from cyberdesk.desk.cases.service.locking import lock
from cyberdesk.desk.cases.service.telling import tell
from cyberdesk.desk.cases.service.waiting import set_next_due
from cyberdesk.desk.cases.service.wording import chosen, needed
from cyberdesk.desk.cases.vocabulary import CALLS, PEOPLE

_LONGEST = 300  # characters of a name, a number, an address
_LONGEST_CALL = 24 * 60
CALLBACK = "callback"


@allowed("case:people")
@recorded("case:person-add")
def add_person(
    actor: Actor,
    case: Case,
    *,
    role: str,
    name: str,
    phone: str = "",
    email: str = "",
    about: str = "",
) -> CasePerson:
    """Add somebody to talk to; their contact is sealed with the key of the case."""
    person = CasePerson(
        key_id=case.key_id,
        case=case,
        case_id=case.id,
        role=chosen("role", role, PEOPLE),
        added_at=clock.now(),
    )
    person.contact = _contact(name=name, phone=phone, email=email, note=about)
    session().add(person)
    tell(actor, case, "case:person-added", facts={"role": person.role}, desk_only=True)
    return person


@allowed("case:people", on="person")
@recorded("case:person-change", about="person")
def change_person(
    actor: Actor,
    person: CasePerson,
    *,
    name: str,
    phone: str = "",
    email: str = "",
    about: str = "",
) -> CasePerson:
    """Correct a contact; what it was stays in the journal."""
    _refuse_ended(person)
    person.contact = _contact(name=name, phone=phone, email=email, note=about)
    tell(actor, person.case, "case:person-changed", facts={"role": person.role}, desk_only=True)
    return person


@allowed("case:people", on="person")
@recorded("case:person-end", about="person")
def end_person(actor: Actor, person: CasePerson) -> CasePerson:
    """Take somebody off the list of whom to call; the row stays."""
    _refuse_ended(person)
    person.ended_at = clock.now()
    tell(actor, person.case, "case:person-ended", facts={"role": person.role}, desk_only=True)
    return person


@allowed("case:people")
def people(actor: Actor, case: Case) -> Sequence[CasePerson]:  # checked by the guard
    """Return whom to call now, in the order in which they were added."""
    wanted = select(CasePerson).where(CasePerson.case_id == case.id)
    wanted = wanted.where(CasePerson.ended_at.is_(None))
    return session().scalars(wanted.order_by(CasePerson.added_at, CasePerson.id)).all()


@allowed("case:people")
@recorded("case:call", about="case")
def log_call(
    actor: Actor,
    case: Case,
    *,
    role: str,
    outcome: str,
    minutes: int = 0,
    words: str = "",
    at: datetime | None = None,
) -> CaseEvent:
    """Note a telephone call; one that reached somebody keeps the promise to call back.

    That it took place is for everybody on the case to see; `words` are for the desk alone.
    """
    chosen("role", role, PEOPLE)
    chosen("outcome", outcome, CALLS)
    when = _past(at)
    if not 0 <= minutes <= _LONGEST_CALL:
        raise InvalidError(
            _("Something is missing."), fields={"minutes": [_("Give the minutes it lasted.")]}
        )
    lock(case)
    if outcome in {"reached", "they-called"}:
        case.wrote_at = None
        set_next_due(case, CALLBACK, None)
    facts = {"role": role, "outcome": outcome, "minutes": minutes}
    line = tell(actor, case, "case:call", facts=facts, at=when)
    if words.strip():
        said = needed("words", words)
        tell(actor, case, "case:call-note", facts=facts, words=said, at=when, desk_only=True)
    events.emit("case:call", case=case, actor=actor, role=role, outcome=outcome)
    return line


@allowed("case:chronicle")
@recorded("case:chronicle", about="case")
def chronicle(
    actor: Actor, case: Case, *, at: datetime, words: str, desk_only: bool = True
) -> CaseEvent:
    """Add what happened at its own time: the chronology of the attack reaches back before us."""
    return tell(
        actor,
        case,
        "case:chronicle",
        words=needed("words", words),
        at=_past(at),
        desk_only=desk_only,
    )


def _past(at: datetime | None) -> datetime:
    now = clock.now()
    if at is not None and at > now:
        raise InvalidError(
            _("This time has not come yet."), fields={"at": [_("Give a time in the past.")]}
        )
    return at or now


def _contact(**given: str) -> dict[str, str]:
    kept = {field: value.strip() for field, value in given.items()}
    if not kept["name"]:
        raise InvalidError(_("Something is missing."), fields={"name": [_("Give a name.")]})
    for field, value in kept.items():
        if len(value) > _LONGEST:
            long = _("At most %(count)s characters fit here.", count=_LONGEST)
            raise InvalidError(_("This text is too long."), fields={field: [long]})
    return kept


def _refuse_ended(person: CasePerson) -> None:
    if person.ended_at is not None:
        raise ConflictError(_("This person is no longer on the list of the case."))

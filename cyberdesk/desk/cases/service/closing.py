"""Ending a case with what was found, and opening it again."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.audit import recorded
from cyberdesk.core.db import session
from cyberdesk.core.errors import ConflictError, InvalidError
from cyberdesk.core.events import events
from cyberdesk.core.text import Text, _
from cyberdesk.desk.cases.letter import BLANK
from cyberdesk.desk.cases.models import CLOSED, OPEN, Case, CaseEnding
from cyberdesk.desk.cases.service.links import DUPLICATE
from cyberdesk.desk.cases.service.locking import lock, lock_open
from cyberdesk.desk.cases.service.telling import tell
from cyberdesk.desk.cases.service.waiting import rerank, set_waiting
from cyberdesk.desk.cases.service.wording import LONGEST, needed
from cyberdesk.desk.cases.vocabulary import INCIDENT, OUTCOMES, Words, vocabulary_of


@allowed("case:close")
@recorded("case:close", about="case")
def close_case(
    actor: Actor,
    case: Case,
    *,
    outcome: str,
    determination: str,
    letter: str,
    causes: Sequence[str] = (),
    damages: Sequence[str] = (),
    cause: str = "",
    damage: str = "",
    lessons: str = "",
    seen: int | None = None,
) -> CaseEnding:
    """Close `case`. An incident needs its causes, damages and lessons; each ending its letter.

    Raises InvalidError naming every field that is missing at once.
    """
    lock_open(case, seen)
    ending = CaseEnding(
        key_id=case.key_id,
        case=case,
        case_id=case.id,
        at=clock.now(),
        author_name=actor.name,
        outcome=outcome,
        determination=determination,
        causes=sorted(set(causes)),
        damages=sorted(set(damages)),
        letter=letter.strip(),
    )
    ending.found = {"cause": cause.strip(), "damage": damage.strip(), "lessons": lessons.strip()}
    _refuse_incomplete(ending)
    session().add(ending)
    case.state, case.outcome, case.closed_at = CLOSED, outcome, ending.at
    case.escalated_at = None
    set_waiting(case, None)
    facts = {"outcome": outcome, "determination": determination}
    tell(actor, case, "case:closed", facts=facts)
    events.emit("case:closed", case=case, ending=ending, actor=actor)
    return ending


@allowed("case:reopen")
@recorded("case:reopen")
def reopen_case(actor: Actor, case: Case, *, reason: str) -> Case:
    """Open a closed case again, with its reason; its endings stay. A duplicate is unmerged."""
    words = needed("reason", reason)
    lock(case)
    if case.is_open:
        raise ConflictError(_("This case is open."))
    if case.duplicate_of_id is not None:
        raise ConflictError(
            _("This case is a duplicate."), hint=_("Take the merge back on its page instead.")
        )
    for ending in endings(actor, case):
        ending.reopened_at = ending.reopened_at or clock.now()
    case.state, case.outcome, case.closed_at = OPEN, None, None
    rerank(case)
    tell(actor, case, "case:reopened", words=words)
    events.emit("case:reopened", case=case, actor=actor)
    return case


@allowed("case:read")
def endings(actor: Actor, case: Case) -> Sequence[CaseEnding]:  # checked by the guard
    """Return how the case ended, each time, the last one first."""
    wanted = select(CaseEnding).where(CaseEnding.case_id == case.id)
    return session().scalars(wanted.order_by(CaseEnding.at.desc())).all()


def _refuse_incomplete(ending: CaseEnding) -> None:
    wrong = dict(_wrong(ending))
    if wrong:
        raise InvalidError(_("The ending is not complete yet."), fields=wrong)


def _wrong(ending: CaseEnding) -> Iterable[tuple[str, list[Text]]]:
    words = vocabulary_of(ending.case.strand)
    if ending.outcome not in OUTCOMES or ending.outcome == DUPLICATE:
        yield "outcome", [_("Choose one of the list.")]
    if ending.determination not in words.determinations:
        yield "determination", [_("Choose one of the list.")]
    if not ending.letter:
        yield "letter", [_("The commune needs a letter that says how it ended.")]
    elif BLANK in ending.letter:
        yield "letter", [_("Something is still to be filled in: look for “[À compléter”.")]
    yield from _unknown("causes", ending.causes, words.causes)
    if not all(words.knows_damage(code) for code in ending.damages):
        yield "damages", [_("Choose among the list.")]
    yield from _too_long(ending)
    if ending.outcome == INCIDENT:
        yield from _missing_of_incident(ending)


def _missing_of_incident(ending: CaseEnding) -> Iterable[tuple[str, list[Text]]]:
    if not ending.causes:
        yield "causes", [_("Choose at least one; “not established” is one too.")]
    if not ending.damages:
        yield "damages", [_("Choose at least one; “none” is one too.")]
    for field in ("cause", "damage", "lessons"):
        if not ending.found[field]:
            yield field, [_("Write a few words here.")]


def _unknown(field: str, codes: Sequence[str], words: Words) -> Iterable[tuple[str, list[Text]]]:
    if any(code not in words for code in codes):
        yield field, [_("Choose among the list.")]


def _too_long(ending: CaseEnding) -> Iterable[tuple[str, list[Text]]]:
    for field, text in (*ending.found.items(), ("letter", ending.letter)):
        if len(text) > LONGEST:
            yield field, [_("At most %(count)s characters fit here.", count=LONGEST)]

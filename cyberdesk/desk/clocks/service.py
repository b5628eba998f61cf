"""Recording awareness, running clocks, doing them with proof."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cyberdesk.core import clock as time
from cyberdesk.core.access import Actor, allowed, require
from cyberdesk.core.audit import record, recorded
from cyberdesk.core.db import session
from cyberdesk.core.errors import ConflictError, InvalidError, NotFoundError
from cyberdesk.core.events import events
from cyberdesk.core.text import _
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.locking import lock
from cyberdesk.desk.clocks.due import Due, dues_of
from cyberdesk.desk.clocks.models import DECLARED, DONE, EXCLUDED, RUNNING, Awareness, Clock

PRECISIONS = ("minute", "hour", "day", DECLARED)
_SKEW = timedelta(minutes=5)  # a phone's clock may be a little ahead of ours


@allowed("awareness:record")
@recorded("awareness:record", about="case")
def record_awareness(
    actor: Actor, case: Case, *, at: datetime, precision: str = "minute", words: str = ""
) -> Awareness:
    """Record when the victim knew, for ever, and let the law's clocks run from the earliest one.

    Raises InvalidError for an instant that lies ahead or a precision that is none.
    """
    if at > time.now() + _SKEW:
        raise InvalidError(_("That moment has not come yet."), fields={"at": [_("in the future")]})
    if precision not in PRECISIONS:
        raise InvalidError(_("How precise is this moment?"), fields={"precision": [precision]})
    known = Awareness(
        key_id=case.key_id,
        case_id=case.id,
        at=min(at, time.now()),
        precision=precision,
        recorded_at=time.now(),
        author_kind=actor.kind.value,
        author_id=actor.id,
        author_name=actor.name,
        words=words or None,
    )
    lock(case)
    first = case.aware_at is None  # before it nothing runs: the law counts from it
    session().add(known)
    case.aware_at = min(known.at, case.aware_at or known.at)
    facts = {"at": known.at.isoformat(), "precision": precision}
    cases.tell(actor, case, "clock:awareness", facts=facts, words=words or None, at=known.at)
    _follow(actor, case, [] if first else clocks_of(case))
    events.emit("case:awareness", case=case, actor=actor, at=known.at)
    return known


def awareness_of(case: Case) -> datetime | None:
    """Return the earliest instant of awareness that was recorded."""
    return case.aware_at


def accounts_of_awareness(actor: Actor, case: Case) -> Sequence[Awareness]:
    """Return every account of it, in the order in which they were given."""
    require(actor, "clock:read", case)
    wanted = select(Awareness).where(Awareness.case_id == case.id)
    return session().scalars(wanted.order_by(Awareness.recorded_at, Awareness.id)).all()


def refresh(actor: Actor, case: Case) -> None:
    """Ask the strand again which obligations apply, after awareness or any fact has changed."""
    if case.aware_at is not None:
        _follow(actor, case, clocks_of(case))


def _follow(actor: Actor, case: Case, held: list[Clock]) -> None:
    """Let the clocks run that the law asks for by now; `held` are all that ran before."""
    assert case.aware_at is not None
    _start(actor, case, dues_of(case, case.aware_at, _met(held)), held)


def _start(actor: Actor, case: Case, dues: Iterable[Due], held: list[Clock]) -> None:
    """Start the clocks of `dues`; one that runs already is moved where its time has changed.

    A clock that was done or set aside by a person stays so; one that lapsed by what was known then
    runs again.
    """
    by_name = {clock.name: clock for clock in held}
    kinds = ("clock:started", "clock:moved", "clock:resumed")
    told: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
    started = [_put(actor, case, due, by_name.get(due.name), told) for due in dues]
    for kind, facts in told.items():
        cases.tell_each(actor, case, kind, facts)
    new = [clock for clock in started if clock.name not in by_name]
    if new:
        running = [{"id": one.id, "name": one.name, "due": one.due_at} for one in new]
        record(actor, "clock:start", case, {"clocks": running})
    _show_nearest(case, [*held, *new])


def _met(held: Iterable[Clock]) -> dict[str, datetime]:
    return {clock.name: clock.done_at for clock in held if clock.done_at}


def _put(
    actor: Actor, case: Case, due: Due, clock: Clock | None, told: dict[str, list[dict[str, Any]]]
) -> Clock:
    """Start or move one clock; what is to be told of it is added to `told`, by kind."""
    facts = {"title": dict(due.title), "due": due.due_at.isoformat() if due.due_at else None}
    if clock is None:
        clock = Clock(case_id=case.id, case=case, key_id=case.key_id, name=due.name, state=RUNNING)
        _set(clock, due)
        session().add(clock)
        told["clock:started"].append(facts)
    elif clock.state == EXCLUDED and clock.about.get("lapsed"):
        record(actor, "clock:resume", clock, {"name": due.name, "due": due.due_at})
        clock.state, clock.reason = RUNNING, None
        _set(clock, due)
        told["clock:resumed"].append(facts)
    elif clock.state != RUNNING:
        return clock  # done or set aside by a person: it stays so
    elif (clock.started_at, clock.due_at) == (due.started_at, due.due_at):
        clock.title, clock.about, clock.force = dict(due.title), dict(due.about), due.force
    else:
        record(actor, "clock:move", clock, {"from": clock.due_at, "to": due.due_at})
        _set(clock, due)
        told["clock:moved"].append(facts)
    return clock


def _set(clock: Clock, due: Due) -> None:
    clock.title, clock.about, clock.force = dict(due.title), dict(due.about), due.force
    clock.started_at, clock.due_at = due.started_at, due.due_at
    coming = [instant for instant in sorted(due.reminders) if instant > time.now()]
    clock.reminders = [instant.isoformat() for instant in coming]
    clock.next_reminder_at = coming[0] if coming else None


def clocks_of(case: Case) -> list[Clock]:
    wanted = select(Clock).where(Clock.case_id == case.id)
    return list(session().scalars(wanted.order_by(Clock.due_at.asc().nulls_first(), Clock.name)))


@allowed("clock:read")
def clocks(actor: Actor, case: Case) -> list[Clock]:
    """Return the clocks of a case: what is due at once first, then by their end."""
    return clocks_of(case)


def access_clock(actor: Actor, clock_id: UUID) -> Clock:
    """Return the clock when `actor` may see it, to be changed. Raises NotFoundError."""
    clock = session().get(Clock, clock_id, with_for_update=True)
    if clock is None or not actor.may("clock:read", clock.place()):
        raise NotFoundError(_("There is no such deadline, or it is not open to you."))
    return clock


@allowed("clock:done")
@recorded("clock:done", about="clock")
def complete(actor: Actor, clock: Clock, *, at: datetime, proof: str) -> Clock:
    """Say that the obligation was met at `at`, and what shows it. Late stays late."""
    _refuse_ended(clock)
    if not proof.strip():
        raise InvalidError(
            _("Say what proves it: a receipt number, who was told, by whom."),
            fields={"proof": [_("missing")]},
        )
    if not clock.started_at - timedelta(days=1) <= at <= time.now() + _SKEW:
        raise InvalidError(_("That moment cannot be right."), fields={"at": [_("out of range")]})
    clock.state, clock.done_at, clock.done_by, clock.proof = DONE, at, actor.name, proof
    if clock.due_at and at > clock.due_at and clock.breached_at is None:
        clock.breached_at = clock.due_at
    facts = {"title": clock.title, "late": clock.late}
    cases.tell(actor, clock.case, "clock:done", facts=facts, words=proof, at=at)
    _ended(clock)
    return clock


@allowed("clock:exclude")
@recorded("clock:exclude", about="clock")
def exclude(actor: Actor, clock: Clock, *, reason: str) -> Clock:
    """Set the obligation aside: it does not apply here, and `reason` says why."""
    _refuse_ended(clock)
    if not reason.strip():
        raise InvalidError(
            _("Say why this obligation does not apply."), fields={"reason": [_("missing")]}
        )
    clock.state, clock.reason = EXCLUDED, reason
    cases.tell(actor, clock.case, "clock:excluded", facts={"title": clock.title}, words=reason)
    _ended(clock)
    return clock


@allowed("clock:exclude")
@recorded("clock:lapse", about="case")
def lapse(actor: Actor, case: Case) -> list[Clock]:
    """Set aside the running clocks whose obligation, by what is known now, does not apply."""
    known, held = awareness_of(case), clocks_of(case)
    due = {one.name for one in dues_of(case, known, _met(held))} if known else set()
    lapsed = [one for one in held if one.state == RUNNING and one.name not in due]
    for one in lapsed if known else ():
        one.state, one.reason = EXCLUDED, str(_("Does not apply, by what is known now."))
        one.about = one.about | {"lapsed": True}  # by no person: it comes back with its facts
        cases.tell(actor, case, "clock:excluded", facts={"title": one.title}, words=one.reason)
        _ended(one)
    return lapsed


@allowed("clock:exclude")
@recorded("clock:resume", about="clock")
def resume(actor: Actor, clock: Clock) -> Clock:
    """Let a clock that was set aside or done by mistake run again."""
    if clock.state == RUNNING:
        raise ConflictError(_("This deadline is running already."))
    clock.state, clock.done_at, clock.done_by = RUNNING, None, None
    cases.tell(actor, clock.case, "clock:resumed", facts={"title": clock.title})
    _ended(clock)
    return clock


def show_next(case: Case) -> None:
    """Give the queue the nearest end of the obligations that must be met."""
    _show_nearest(case, clocks_of(case))


def _show_nearest(case: Case, held: Iterable[Clock]) -> None:
    running = [c for c in held if c.state == RUNNING and c.due_at and c.force == "must"]
    nearest = min(running, key=lambda clock: (clock.due_at, clock.name), default=None)
    if nearest is None:
        cases.set_next_due(case, "clocks", None)
    else:
        since = nearest.started_at
        cases.set_next_due(case, "clocks", nearest.due_at, nearest.title, since=since)


def _ended(clock: Clock) -> None:
    session().flush()
    show_next(clock.case)
    events.emit("clock:changed", clock=clock)


def _refuse_ended(clock: Clock) -> None:
    if clock.state != RUNNING:
        raise ConflictError(
            _("This deadline is closed already."), hint=_("Reload the page to see by whom.")
        )

"""A case's place in the queue, worst first, and why: pure, so that it can be read and tested.

Severity comes first; what presses (nobody has taken it, a promise broken or close, the commune
wrote) moves a case up, waiting on somebody else moves it down. Each reason is kept as a code with
its facts; `reason_words` says it to people at the moment of reading.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cyberdesk.core.text import Text, _, bilingual
from cyberdesk.desk.cases.models import Case

SOON = timedelta(minutes=15)  # a promise this near, or with a tenth of its time left, presses
_OTHERS = {"commune", "provider", "mayor", "dpo", "insurer", "police"}
_FEW_POINTS = 10  # of rank, for one of severity
_LEVEL_POINTS = 250
_CALLBACK = "callback"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case stands where it does: a code, its points (negative: less pressing), its facts."""

    code: str
    points: int
    facts: Mapping[str, Any]

    def plain(self) -> dict[str, Any]:
        return {"code": self.code, "points": self.points, **self.facts}


@dataclass(frozen=True, slots=True)
class Ranked:
    rank: int
    reasons: tuple[Reason, ...]  # most telling first; severity is said by its own badge
    due_at: datetime | None  # when the rank changes by the passing of time


def rank_of(case: Case, now: datetime) -> Ranked:
    """Return the place of an open case; a closed one has none."""
    if not case.is_open:
        return Ranked(0, (), None)
    reasons = sorted(_reasons(case, now), key=lambda reason: -abs(reason.points))
    rank = case.level * _LEVEL_POINTS + case.severity * _FEW_POINTS
    rank += sum(reason.points for reason in reasons)
    return Ranked(max(rank, 1), tuple(reasons), _next_turn(case, now))


def presses_at(since: datetime | None, due_at: datetime) -> datetime:
    """Return when a due time begins to press: a tenth of its span before, at least SOON."""
    tenth = (due_at - since) / 10 if since else SOON
    return due_at - max(SOON, tenth)


def reason_words(reason: Mapping[str, Any]) -> Text:
    """Say a stored reason."""
    what = bilingual(reason.get("what"))
    said = {
        "untaken": _("nobody has taken it yet"),
        "escalated": _("escalated to the lead"),
        "wrote": _("the commune has written"),
        "callback-late": _("the promised call-back is late"),
        "callback-soon": _("the promised call-back is near"),
        "due-late": _("past its time: %(what)s", what=what),
        "due-soon": _("close to its time: %(what)s", what=what),
        "ours": _("waits for us"),
        "theirs": _("waits for somebody else"),
        "engine": _("its playbook goes on by itself"),
    }
    return said.get(str(reason.get("code"))) or _("in its turn")


def _reasons(case: Case, now: datetime) -> Iterator[Reason]:
    if case.escalated_at:
        yield Reason("escalated", 400, {})
    if case.owner_id is None:
        yield Reason("untaken", 100 * case.level, {})
    if case.wrote_at:
        yield Reason("wrote", 120, {"since": case.wrote_at.isoformat()})
    yield from _due(case, now)
    yield from _waiting(case)


def _due(case: Case, now: datetime) -> Iterator[Reason]:
    if case.next_due_at is None:
        return
    callback = case.next_due_from == _CALLBACK
    facts = {} if callback else {"what": dict(case.next_due_what)}
    stem = "callback" if callback else "due"
    if now >= case.next_due_at:
        yield Reason(f"{stem}-late", 350, facts)
    elif now >= presses_at(case.next_due_since, case.next_due_at):
        yield Reason(f"{stem}-soon", 200, facts)


def _waiting(case: Case) -> Iterator[Reason]:
    if case.waits_on == "responder":
        yield Reason("ours", 100, {})
    elif case.waits_on == "engine":
        yield Reason("engine", -100, {})
    elif case.waits_on in _OTHERS:
        yield Reason("theirs", -150, {})


def _next_turn(case: Case, now: datetime) -> datetime | None:
    if case.next_due_at is None:
        return None
    turns = (presses_at(case.next_due_since, case.next_due_at), case.next_due_at)
    return min((turn for turn in turns if turn > now), default=None)

"""Where a case stands, in plain words: what is known, what happens now, who does what next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.access import Actor
from cyberdesk.core.db import session
from cyberdesk.core.text import Text, _, bilingual, language
from cyberdesk.core.web.formatting import typography
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases import story
from cyberdesk.desk.cases.models import Case, CaseEvent
from cyberdesk.desk.cases.service.sides import PROVIDER, narrow
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.clocks.models import RUNNING
from cyberdesk.desk.declarations.intake import intake_of
from cyberdesk.desk.declarations.promise import sentence_of_promise
from cyberdesk.desk.declarations.space.door import door, opened, render, to_do
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import OPEN
from cyberdesk.desk.tasks.view import view

_MOST_CASES = 50
_MOST_LINES = 12


@door.get("/mon-dossier", may="case:read")
def home() -> AnyResponse | str:
    """Lead to the one case, or let a commune with several choose."""
    found = _cases(actor())
    if len(found) == 1:
        return redirect(url_for("space.case", reference=found[0].reference))
    return render_template("space/cases.html", cases=found)


@door.get("/mon-dossier/<reference>", may="case:read")
def case(reference: str) -> str:
    found = opened(reference)
    return render("space/case.html", found, "space.case", **_state(actor(), found))


def part(case: Case) -> str:
    """Draw what renews itself of this page."""
    return render_template("space/_state.html", case=case, **_state(actor(), case))


def _state(reader: Actor, case: Case) -> dict[str, Any]:
    """A provider reads who moves and their own tasks; a data protection officer also what is known,
    which deadlines run, and how it ended.
    """
    part = narrow(reader, case)
    provides = part == PROVIDER
    return {
        "plain": None if provides else intake_of(case.strand).plain(case),
        "prints": reader.may("dossier:print", case.place()),
        "moves": sentence_of_now(case),
        "mine": to_do(reader, case),
        "others": [] if part else _others(reader, case),
        "clocks": [] if provides else running(reader, case),
        "lines": [] if part else _lines(reader, case),
        "ending": None
        if provides or case.is_open
        else next(iter(cases.endings(reader, case)), None),
    }


def running(reader: Actor, case: Case) -> list[Any]:
    """Return the clocks that run, the nearest end first, those « at once » before all."""
    found = [clock for clock in clocks.clocks(reader, case) if clock.state == RUNNING]
    return sorted(found, key=lambda clock: (clock.due_at is not None, clock.due_at))


def sentence_of_now(case: Case) -> Text:
    """Say in one sentence who moves next."""
    if not case.is_open:
        return _("This case is closed. A message opens the conversation again.")
    promised = sentence_of_promise(case)
    if promised is not None:
        return promised
    if case.waits_on in _WAITS:
        return _WAITS[case.waits_on](_What(case.waits_why))
    return _("The centre is working on it.")


@dataclass(frozen=True, slots=True)
class _What:
    """What is waited for, said late: the sentence around it may be told in another language."""

    texts: Mapping[str, str]

    def __str__(self) -> str:
        return typography(bilingual(self.texts), language())


def _waits_for_us(what: _What) -> Text:
    if not what.texts:
        return _("The centre is on it.")
    return _("The centre is on it: %(what)s.", what=what)


_WAITS: dict[str, Callable[[_What], Text]] = {
    "responder": _waits_for_us,
    "engine": lambda what: _("The next step starts by itself."),  # noqa: ARG005
    "commune": lambda what: _("It is your turn: %(what)s.", what=what),
    "mayor": lambda what: _("A decision of the mayor is awaited: %(what)s.", what=what),
    "dpo": lambda what: _("The data protection officer is awaited: %(what)s.", what=what),
    "provider": lambda what: _("Your IT provider is awaited: %(what)s.", what=what),
}


def _others(reader: Actor, case: Case) -> list[Any]:
    """Return the open tasks that are somebody else's: who does what next."""
    views = [view(reader, task) for task in tasks.tasks_of(reader, case, state=OPEN)]
    return [one for one in views if not one.may_answer]


def _lines(reader: Actor, case: Case) -> list[dict[str, Any]]:
    told = cases.timeline(reader, case)[-_MOST_LINES:]
    return [_line(line) for line in reversed(told)]


def _line(line: CaseEvent) -> dict[str, Any]:
    told = story.story_of(line)
    return {
        "at": line.at,
        "text": story.sentence(line),
        "parts": story.parts(line),
        "icon": told.icon,
        "detail": line.words,
        "by": "",
    }


def _cases(reader: Actor) -> list[Case]:
    """Return the cases of the reader's own link or organisation, newest first."""
    reach = reader.scope
    own = Case.id.in_(reach.cases) | Case.organisation_id.in_(reach.organisations)
    wanted = select(Case).where(own).order_by(Case.opened_at.desc()).limit(_MOST_CASES)
    return [one for one in session().scalars(wanted) if reader.may("case:read", one.place())]

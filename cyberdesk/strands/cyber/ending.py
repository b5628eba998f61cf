"""How a case probably ends, and the letter that says so: a draft that a person finishes.

The letter tells only what the house knows: what was declared, what was answered, which duties were
met and when. What it cannot know stands as a blank, and a letter with a blank is not sent.
"""

from functools import cache
from typing import Annotated

from pydantic import AfterValidator
from sqlalchemy import select

from cyberdesk.core.db import session
from cyberdesk.core.text import bilingual, speaking
from cyberdesk.core.web.formatting import day, short_day
from cyberdesk.desk.cases.letter import Ending
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.vocabulary import FALSE_ALARM, INCIDENT, INFORMATION
from cyberdesk.desk.clocks.models import DONE, EXCLUDED, Clock
from cyberdesk.desk.clocks.service import clocks_of
from cyberdesk.desk.playbooks.service import runs_of
from cyberdesk.desk.tasks.audience import VICTIM
from cyberdesk.desk.tasks.models import Task
from cyberdesk.strands.cyber.content import Entry, Name, Words, french_spaces, read
from cyberdesk.strands.cyber.questionnaire import chosen
from cyberdesk.strands.cyber.services import load_services
from cyberdesk.strands.cyber.taxonomy import QUESTION, UNKNOWN
from cyberdesk.strands.cyber.weighing import weighed

_MOST_DONE = 8
_DETERMINATION = {FALSE_ALARM: "false-positive", INFORMATION: "false-positive"}


French = Annotated[Words, AfterValidator(french_spaces)]


class Letters(Entry):
    """The drafts by outcome, and what happened by kind of attack; French, for a French commune."""

    letters: dict[str, French]
    what: dict[Name, French]


@cache
def load_letters() -> Letters:
    raw = dict(read("letters.yaml"))
    what = raw.pop("what")
    return Letters(letters=raw, what=what)


def draft(case: Case, outcome: str | None = None) -> Ending:
    """Return how `case` probably ended, or the ending of the `outcome` that was asked for."""
    letters = load_letters().letters
    ended = outcome if outcome in letters else _probable(case)
    with speaking("fr"):
        letter = _fill(letters[ended], case)
    return Ending(ended, _DETERMINATION.get(ended, ""), letter)


def _probable(case: Case) -> str:
    if case.subject == QUESTION:
        return INFORMATION
    finished = [run.outcome for run in runs_of(case) if run.outcome]
    return FALSE_ALARM if finished and finished[-1] == "false_alarm" else INCIDENT


def _fill(letter: str, case: Case) -> str:
    told = {
        "{opened}": day(case.opened_at, "fr"),
        "{reference}": case.reference,
        "{what}": load_letters().what[case.subject or UNKNOWN],
        "{services}": _services(case),
        "{done}": _list(_done(case)) or "[À compléter : les principaux gestes, dans l’ordre.]",
        "{duties}": _list(_duties(case)) or "Aucune démarche n’était obligatoire.",
    }
    for mark, words in told.items():
        letter = letter.replace(mark, words)
    return letter


def _services(case: Case) -> str:
    known = load_services()
    stopped = [known[n] for n in chosen(weighed(case), "services") if n in known]
    if not stopped:
        return ""
    names = ", ".join(sorted(service.short.fr for service in stopped))
    return f" Services arrêtés ou gênés : {names}."


def _done(case: Case) -> list[str]:
    """Return what the commune, its mayor and its provider have done, in the order they did it."""
    wanted = select(Task).where(Task.case_id == case.id, Task.answer == "done")
    found = session().scalars(wanted.order_by(Task.answered_at)).all()
    acts = [task for task in found if task.who in VICTIM or task.who == "provider"]
    return [f"{bilingual(t.content['title'])} ({_on(t.answered_at)})" for t in acts[:_MOST_DONE]]


def _duties(case: Case) -> list[str]:
    return [line for clock in clocks_of(case) if (line := _duty(clock))]


def _duty(clock: Clock) -> str:
    title = bilingual(clock.title)
    if clock.state == DONE:
        late = ", après le délai" if clock.late else ""
        return f"{title} : fait le {_on(clock.done_at)}{late}"
    if clock.state == EXCLUDED or clock.about.get("verdict") != "applies":
        return ""
    return f"{title} : [À compléter : fait ou non, et quand]"


def _on(instant: object) -> str:
    return short_day(instant, "fr")  # type: ignore[arg-type]  # a done act has its instant


def _list(lines: list[str]) -> str:
    return "\n".join(f"– {line}" for line in lines)

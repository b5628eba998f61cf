"""The mayor's page: what is known, what to decide and by when, what to say and to whom."""

from typing import Any

from flask import render_template

from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.sides import narrow
from cyberdesk.desk.declarations.intake import intake_of
from cyberdesk.desk.declarations.space.door import door, opened, render
from cyberdesk.desk.declarations.space.home import running, sentence_of_now
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import OPEN
from cyberdesk.desk.tasks.view import view


@door.get("/mon-dossier/<reference>/maire", may="case:read")
def mayor(reference: str) -> str:
    found = opened(reference)
    return render("space/mayor.html", found, "space.mayor", **_shown(found))


def part(case: Case) -> str:
    """Draw what the page says, alone."""
    return render_template("space/_mayor.html", case=case, **_shown(case))


def _shown(case: Case) -> dict[str, Any]:
    if narrow(actor(), case):
        raise NotFoundError
    intake = intake_of(case.strand)
    open_tasks = tasks.tasks_of(actor(), case, state=OPEN)
    return {
        "plain": intake.plain(case),
        "moves": sentence_of_now(case),
        "decisions": [view(actor(), task) for task in open_tasks if task.who == "mayor"],
        "clocks": running(actor(), case),
        "speech": intake.speech(case),
    }

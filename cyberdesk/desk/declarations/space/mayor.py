"""The mayor's page: what is known, what to decide and by when, what to say and to whom."""

from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.declarations.intake import intake_of
from cyberdesk.desk.declarations.space.door import door, opened, provides_only, render
from cyberdesk.desk.declarations.space.home import running, sentence_of_now
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.models import OPEN
from cyberdesk.desk.tasks.view import view


@door.get("/mon-dossier/<reference>/maire", may="case:read")
def mayor(reference: str) -> str:
    found = opened(reference)
    if provides_only(actor(), found):
        raise NotFoundError
    intake = intake_of(found.strand)
    open_tasks = tasks.tasks_of(actor(), found, state=OPEN)
    return render(
        "space/mayor.html",
        found,
        "space.mayor",
        plain=intake.plain(found),
        moves=sentence_of_now(found),
        decisions=[view(actor(), task) for task in open_tasks if task.who == "mayor"],
        clocks=running(actor(), found),
        speech=intake.speech(found),
    )

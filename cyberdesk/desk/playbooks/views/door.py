"""The door of the room, and how its pages reach a run."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import g, url_for
from markupsafe import Markup

from cyberdesk.core.access import require
from cyberdesk.core.access.people.roles import desks
from cyberdesk.core.text import _, bilingual
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.playbooks import service
from cyberdesk.desk.playbooks.models import PlaybookDraft, Run

door = Door("playbooks", __name__, url_prefix="/desk", template_folder="../templates")
TAB = "procedure"


@door.context_processor
def _words() -> dict[str, Any]:
    """What the templates of the room say with."""
    return {
        "desk_title": desk_title,
        "draft_title": draft_title,
        "may": lambda permission: actor().may(permission),
        "key": lambda hash_: Markup('<code class="key">{}</code>').format(hash_),
        "question_word": lambda kind: _QUESTIONS.get(kind, kind),
        "said_value": said_value,
    }


def draft_title(draft: PlaybookDraft) -> str:
    """Name a draft that may be too broken to say what it is called."""
    return bilingual(draft.title) or draft.name or str(_("Without a title"))


def desk_title(strand: str) -> str:
    return str(desks().get(strand, strand))


def said_value(question: Mapping[str, Any], value: Any) -> str:
    """Say an answer as its question words it."""
    if value is None:
        return str(_("I do not know"))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    choices = question.get("choices") or {}
    return bilingual(choices.get(value) if isinstance(value, str) else None) or str(value)


_QUESTIONS = {
    "task": _("Task"),
    "confirm": _("Confirmation by a second person"),
    "approve": _("Agreement before it happens"),
    "decide": _("Decision"),
    "verify": _("Did it happen?"),
    "review": _("How to go on"),
}


def reached(run_id: UUID) -> Run:
    """Return the run of a page; its case is read, and that is journalled once an hour."""
    run = service.access_run(actor(), run_id)
    case = cases.access_case(actor(), run.case_id)
    require(actor(), "case:desk", case)
    if case.exercise:
        g.exercise = case.reference
    return run


def back_to(run: Run) -> str:
    """Return the address of the run on the page of its case."""
    return case_address(run.case.reference) + f"#run-{run.id.hex[-6:]}"


def case_address(reference: str) -> str:
    return url_for("cases.tab", reference=reference, tab=TAB)


def step_address(run: Run, entry: int) -> str:
    return url_for("playbooks.step", run_id=run.id, entry=entry)

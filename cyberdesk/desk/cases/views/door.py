"""The door of the room, and how its pages reach a case."""

from typing import Any

from flask import g, url_for

from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.ranking import reason_words
from cyberdesk.desk.cases.vocabulary import OUTCOMES, WAITS, said

door = Door("cases", __name__, url_prefix="/desk", template_folder="../templates")


@door.context_processor
def _words() -> dict[str, Any]:
    """What the templates of the room say with."""
    return {
        "reason_words": reason_words,
        "said": said,
        "outcomes": OUTCOMES,
        "waits_word": lambda who: said(WAITS, who),
    }


def reached(reference: str) -> Case:
    """Return the case of a page of the desk; its reading is journalled once an hour.

    Whoever reads it elsewhere, as its victim, finds nothing here. Raises NotFoundError.
    """
    case = service.access_case(actor(), reference, may="case:desk")
    if case.exercise:
        g.exercise = case.reference
    return case


def address(case: Case, tab: str | None = None) -> str:
    if tab:
        return url_for("cases.tab", reference=case.reference, tab=tab)
    return url_for("cases.show", reference=case.reference)

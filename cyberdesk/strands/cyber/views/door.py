"""The door of the strand, and how its pages reach a case of its own."""

from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.text import _
from cyberdesk.core.web.doors import Door
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.views.door import reached

door = Door("cyber", __name__, url_prefix="/desk", template_folder="../templates")


def ours(reference: str) -> Case:
    """Return the case when it is one of this strand. Raises NotFoundError."""
    case = reached(reference)
    if case.strand != "cyber":
        raise NotFoundError(_("This case is not one of ours."))
    return case

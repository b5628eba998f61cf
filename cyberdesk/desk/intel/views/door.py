"""The door of the room, and where its pages lead back to."""

from flask import url_for

from cyberdesk.core.web.doors import Door
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.intel.reading.characters import shown

TAB = "observables"

door = Door("intel", __name__, url_prefix="/desk", template_folder="../templates")


def tab_of(case: Case) -> str:
    return url_for("cases.tab", reference=case.reference, tab=TAB)


@door.app_template_filter("signs")
def _signs(text: str) -> str:
    """Write signs without ink out, in whatever a person typed."""
    return shown(text)

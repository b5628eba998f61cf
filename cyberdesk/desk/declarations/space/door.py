"""The door of the space, and the case behind it."""

from cyberdesk.core.web import refusals
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service import access_case

door = Door("space", __name__, template_folder="../templates")
# Whoever lost their link is asked for reference and code rather than for a password.
refusals.comes_in_by(door.name, "declarations.back")


def opened(reference: str) -> Case:
    """Return the case, journalling the reading. Raises NotFoundError for any that is not theirs."""
    return access_case(actor(), reference)

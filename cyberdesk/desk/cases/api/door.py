"""The door of the cases' API, the case behind an address, and the answer that shows it."""

from flask import request

from cyberdesk.core.errors import ForbiddenError
from cyberdesk.core.text import _
from cyberdesk.core.web.api import Answer, ApiDoor, refuse_stale
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.api.shapes import CaseOut, case_out
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.locking import lock
from cyberdesk.desk.cases.service.sides import narrow

door = ApiDoor("cases", __name__, tag="Cases")


def reached(reference: str) -> Case:
    """Return the case, journalling the reading. Raises NotFoundError for any that is not theirs."""
    return service.access_case(actor(), reference)


def held(reference: str) -> Case:
    """Return the case to act on. With If-Match it is locked first, so that what was read holds."""
    case = reached(reference)
    if request.if_match:
        refuse_stale(version_of(lock(case)))
    return case


def concerned(reference: str) -> Case:
    """Return the case to those whom it concerns; an outside provider sees its own tasks alone."""
    case = reached(reference)
    if narrow(actor(), case):
        raise ForbiddenError(_("This is open to those whom the case concerns."))
    return case


def shown(case: Case) -> Answer:
    """Answer with the case as it is now, and its entity tag."""
    return Answer(case_out(actor(), case), version=version_of(case), status=200)


def version_of(case: Case) -> str:
    """Return what changes with every change: lines told, and moves of the queue between them."""
    return f"{case.version}-{int(case.moved_at.timestamp() * 1_000_000):x}"


__all__ = ["CaseOut", "concerned", "door", "held", "reached", "shown", "version_of"]

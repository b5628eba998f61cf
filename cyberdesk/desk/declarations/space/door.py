"""The door of the space, the case behind it, and the tabs of its pages."""

from typing import Any

from flask import g, render_template, url_for

from cyberdesk.core.access import Actor
from cyberdesk.core.text import _
from cyberdesk.core.web import refusals
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.sides import narrow
from cyberdesk.desk.declarations.views.door import show_number
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.known import Memory
from cyberdesk.desk.tasks.models import OPEN
from cyberdesk.desk.tasks.view import view

door = Door("space", __name__, template_folder="../templates")
door.before_request(show_number)
# Whoever lost their link is asked for reference and code rather than for a password.
refusals.comes_in_by(door.name, "declarations.back")


def opened(reference: str) -> Case:
    """Return the case, journalling the reading. Raises NotFoundError for any that is not theirs."""
    found = cases.access_case(actor(), reference)
    g.exercise = found.reference if found.exercise else None
    return found


def render(template: str, case: Case, here: str, **shown: Any) -> str:
    """Draw a page of the space with its tabs; `here` is the endpoint of the current one."""
    since = case.moved_at.isoformat()
    return render_template(
        template, case=case, here=here, since=since, tabs=tabs(case, here), **shown
    )


def to_do(reader: Actor, case: Case) -> list[Any]:
    """Return the open tasks that the reader may answer, as they are shown, the next due first."""
    memory = Memory(reader, case)
    views = [view(reader, task, memory) for task in tasks.tasks_of(reader, case, state=OPEN)]
    mine = [one for one in views if one.may_answer]
    return sorted(mine, key=lambda one: (one.due_at is None, one.due_at))


def tabs(case: Case, here: str) -> list[dict[str, Any]]:
    """Return the ways to the pages of the space that are open here, with what waits on each."""
    reader = actor()
    ways: list[tuple[str, Any, int | None]] = [
        ("space.case", _("State"), None),
        ("space.todo", _("To do"), len(to_do(reader, case)) or None),
        ("space.thread", _("Messages"), _unread(reader, case, here)),
    ]
    ways.append(("space.files", _("Files"), None))
    if not narrow(reader, case):
        ways.append(("space.mayor", _("For the mayor"), None))
    if reader.may("declaration:share", case.place()):
        ways.append(("space.people", _("People"), None))
    return [
        {
            "label": label,
            "href": url_for(endpoint, reference=case.reference),
            "current": endpoint == here,
            "count": count,
        }
        for endpoint, label, count in ways
    ]


def _unread(reader: Actor, case: Case, here: str) -> int | None:
    """Count what waits to be read; whoever has the messages open is reading them."""
    return None if here == "space.thread" else cases.unread(reader, case) or None

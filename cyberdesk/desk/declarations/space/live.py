"""The space renews itself: what there is news of is fetched anew, and never what is being typed."""

from collections.abc import Callable, Mapping

from flask import Response, render_template, request

from cyberdesk.core.access import ActorKind
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.live import Subscription
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.views.parts import part
from cyberdesk.desk.cases.views.streams import Again, events, reader, shown_since, still_reads
from cyberdesk.desk.declarations import ways
from cyberdesk.desk.declarations.space import files, home, mayor, thread, todo
from cyberdesk.desk.declarations.space.door import door, opened, tabs
from cyberdesk.desk.declarations.views.door import token


@door.get("/mon-dossier/<reference>/direct", may="case:read")
def live(reference: str) -> Response:
    """Tell the page of news; the desk comes first, so a page that is refused asks by itself."""
    case_id = cases.find_case(actor(), reference).id
    page = Subscription(reader(), (case_id,), (), shown_since(), guest=True)
    return events(page, lambda who: still_reads(who, case_id, "case:read"), again=_again())


@door.get("/mon-dossier/<reference>/parties/<name>", may="case:read", endpoint="part")
def show_part(reference: str, name: str) -> Response:
    """Return what renews itself of one page, or the tabs above it."""
    case = opened(reference)
    if name not in _PARTS:
        raise NotFoundError
    return part(_PARTS[name](case))


def _tabs(case: Case) -> str:
    return render_template("space/_tabs.html", tabs=tabs(case, request.args.get("here", "")))


_PARTS: Mapping[str, Callable[[Case], str]] = {
    "tabs": _tabs,
    "state": home.part,
    "todo": todo.part,
    "thread": thread.part,
    "files": files.part,
    "mayor": mayor.part,
}


def _again() -> Again | None:
    """Whoever came by a private link is known by it again, until it is taken back."""
    if actor().kind is not ActorKind.LINK:
        return None
    held = token()
    return lambda: ways.actor_of(held)

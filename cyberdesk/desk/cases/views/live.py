"""Server-sent events: a page is told that there is news of what it shows, and fetches it anew."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from flask import Response, request

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.access.signin import browser, sessions
from cyberdesk.core.db import atomic
from cyberdesk.core.db.work import reach
from cyberdesk.core.errors import NotFoundError
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.live import Subscription, stream, watch
from cyberdesk.desk.cases.views.door import door, reached


@door.get("/live", may="case:list", endpoint="live_queue")
def live_queue() -> Response:
    desks = actor().scope.desks
    return _events(lambda who: desks <= who.scope.desks, desks=desks)


@door.get("/cases/<reference>/live", may="case:desk", endpoint="live_case")
def live_case(reference: str) -> Response:
    case_id = reached(reference).id
    return _events(lambda who: _reads(who, case_id), cases=(case_id,))


def _events(
    open_to: Callable[[Actor], bool], *, cases: Iterable[UUID] = (), desks: Iterable[str] = ()
) -> Response:
    """Open a stream; it holds a thread of the server and no connection to the database."""
    who = actor()
    page = watch.open(Subscription(f"{who.kind.value}:{who.id}", cases, desks, _since()))
    told = stream(page, _asked_again(open_to))
    response = Response(told, mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(lambda: watch.close(page))
    return response


def _asked_again(open_to: Callable[[Actor], bool]) -> Callable[[], bool]:
    """Return what says whether the reader, as they are by then, still may know."""
    held = browser.under_way()

    def may() -> bool:
        with atomic():
            who = sessions.actor_now(held.id) if held else None
            if who is None:
                return False
            reach(who.scope)
            return open_to(who)

    return may


def _reads(who: Actor, case_id: UUID) -> bool:
    try:
        service.find_case(who, case_id, may="case:desk")
    except NotFoundError:
        return False
    return True


def _since() -> datetime:
    """When the page was made, as its address says; what it says of the future is not believed."""
    try:
        given = datetime.fromisoformat(request.args.get("since", ""))
    except ValueError:
        return clock.now()
    return min(given, clock.now()) if given.tzinfo else clock.now()

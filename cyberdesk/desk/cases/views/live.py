"""Server-sent events: a page is told that there is news of what it shows, and fetches it anew."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask import Response, request

from cyberdesk.core import clock
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.live import Subscription, stream, watch
from cyberdesk.desk.cases.views.door import door, reached


@door.get("/live", may="case:list", endpoint="live_queue")
def live_queue() -> Response:
    return _events(desks=actor().scope.desks)


@door.get("/cases/<reference>/live", may="case:desk", endpoint="live_case")
def live_case(reference: str) -> Response:
    return _events(cases=(reached(reference).id,))


def _events(*, cases: Iterable[UUID] = (), desks: Iterable[str] = ()) -> Response:
    """Open a stream; it holds a thread of the server and no connection to the database."""
    who = actor()
    page = watch.open(Subscription(f"{who.kind.value}:{who.id}", cases, desks, _since()))
    response = Response(stream(page), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(lambda: watch.close(page))
    return response


def _since() -> datetime:
    """When the page was made, as its address says; what it says of the future is not believed."""
    try:
        given = datetime.fromisoformat(request.args.get("since", ""))
    except ValueError:
        return clock.now()
    return min(given, clock.now()) if given.tzinfo else clock.now()

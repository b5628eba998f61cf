"""Server-sent events: a page is told that there is news of what it shows, and fetches it anew."""

from flask import Response

from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.live import Subscription
from cyberdesk.desk.cases.views.door import door, reached
from cyberdesk.desk.cases.views.streams import events, reader, shown_since, still_reads


@door.get("/live", may="case:list", endpoint="live_queue")
def live_queue() -> Response:
    desks = actor().scope.desks
    page = Subscription(reader(), (), desks, shown_since())
    return events(page, lambda who: desks <= who.scope.desks)


@door.get("/cases/<reference>/live", may="case:desk", endpoint="live_case")
def live_case(reference: str) -> Response:
    case_id = reached(reference).id
    page = Subscription(reader(), (case_id,), (), shown_since())
    return events(page, lambda who: still_reads(who, case_id, "case:desk"))

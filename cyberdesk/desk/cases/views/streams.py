"""Answering a page with a stream of server-sent events, for the desk and for communes alike."""

from collections.abc import Callable
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

Again = Callable[[], Actor | None]  # whoever looks, with what they hold by then; None once out


def events(
    page: Subscription, open_to: Callable[[Actor], bool], *, again: Again | None = None
) -> Response:
    """Open a stream; it holds a thread of the server and no connection to the database.

    `again` finds its reader anew before each piece of news (by their session unless given), and
    `open_to` says whether they still may know.
    """
    told = stream(watch.open(page), _asked_again(open_to, again or signed_in()))
    response = Response(told, mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(lambda: watch.close(page))
    return response


def signed_in() -> Again:
    """Return what finds the person of this session again, while it holds."""
    held = browser.under_way()
    return lambda: sessions.actor_now(held.id) if held else None


def reader() -> str:
    """Name who looks, to count their pages."""
    who = actor()
    return f"{who.kind.value}:{who.id}"


def still_reads(who: Actor, case_id: UUID, may: str) -> bool:
    try:
        service.find_case(who, case_id, may=may)
    except NotFoundError:
        return False
    return True


def shown_since() -> datetime:
    """When the page was made, as its address says; what it says of the future is not believed."""
    try:
        given = datetime.fromisoformat(request.args.get("since", ""))
    except ValueError:
        return clock.now()
    return min(given, clock.now()) if given.tzinfo else clock.now()


def _asked_again(open_to: Callable[[Actor], bool], again: Again) -> Callable[[], bool]:
    def may() -> bool:
        with atomic():
            who = again()
            if who is None:
                return False
            reach(who.scope)
            return open_to(who)

    return may

"""The browser's side of a session: what its cookie holds."""

from flask import Request, g, session

from cyberdesk.core.access.actor import Actor
from cyberdesk.core.access.signin import sessions
from cyberdesk.core.access.signin.bearer import for_machines

TOKEN = "sid"  # noqa: S105  # a name
UNIQUIFIER = "_user_id"  # where Flask-Login keeps it


def identify(request: Request) -> Actor | None:
    """Return who is signed in, for `identify_by`; one SQL statement, none without a cookie."""
    if for_machines(request):  # no CSRF token guards such a route
        return None
    token, uniquifier = session.get(TOKEN), session.get(UNIQUIFIER)
    if not token or not uniquifier:
        return None
    found = sessions.find_session(token, uniquifier, address=request.remote_addr or "")
    if found is None:
        return None
    g.sign_in = found
    return found.actor


def under_way() -> sessions.Session | None:
    """Return the session of this request, if somebody is signed in."""
    return g.get("sign_in")  # type: ignore[no-any-return]

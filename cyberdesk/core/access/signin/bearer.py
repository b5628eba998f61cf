"""`Authorization: Bearer`: who a machine's request comes from."""

from flask import Request, current_app, g

from cyberdesk.core.access import api_tokens, throttle
from cyberdesk.core.access.actor import Actor
from cyberdesk.core.access.signin import limits
from cyberdesk.core.errors import SignInError
from cyberdesk.core.text import _
from cyberdesk.core.web.doors import doors


def for_machines(request: Request) -> bool:
    """Say whether this route answers to tokens; it then takes no cookie, and needs no CSRF."""
    declared = doors(current_app).get(request.endpoint or "")
    return bool(declared and declared.machine)


def identify(request: Request) -> Actor | None:
    """Return the holder of the request's token. A token that does not hold is refused, not
    taken for nobody: its owner has to learn that it is over.
    """
    given = request.authorization
    if given is None or not for_machines(request):
        return None
    text = given.token if given.type == "bearer" else None
    found = api_tokens.find_holder(text, address=request.remote_addr or "") if text else None
    if found is None:
        throttle.slow_down(limits.TOKENS, limits.network())
        raise SignInError(
            _("This token is unknown, expired or revoked."),
            hint=_("Make a new one on the page of your account."),
        )
    g.holder = found
    return found.actor


def holder() -> api_tokens.Holder | None:
    """Return the token's holder of this request, if a machine makes it."""
    return g.get("holder")  # type: ignore[no-any-return]

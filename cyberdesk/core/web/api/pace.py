"""How fast a program may go on. A wait, never a lock: `Retry-After` says when the next is taken."""

from flask import request

from cyberdesk.core.access import throttle
from cyberdesk.core.access.actor import ActorKind
from cyberdesk.core.access.signin.limits import network
from cyberdesk.core.access.throttle import Limit
from cyberdesk.core.text import _
from cyberdesk.core.web.identity import actor

READS = Limit("api:reads", burst=300, every=0.2)
WRITES = Limit("api:writes", burst=60, every=1)
NOBODY = Limit("api:nobody", burst=60, every=1)  # without a token, by network


def keep() -> None:
    """Count this request. Raises TooManyError when its client goes too fast."""
    who = actor()
    if who.kind is ActorKind.ANONYMOUS:
        throttle.slow_down(NOBODY, network())
        return
    limit = READS if request.method in {"GET", "HEAD"} else WRITES
    hint = _("Wait as long as Retry-After says. To follow changes, ask once a minute.")
    throttle.slow_down(limit, str(who.id), hint=hint)

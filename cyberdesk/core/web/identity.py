"""Who makes this request: asked of each room that knows a way to tell, in order."""

from collections.abc import Callable

from flask import Flask, Request, current_app, g, request

from cyberdesk.core.access import ANONYMOUS, PUBLIC, SIGNED_IN, Actor, ActorKind
from cyberdesk.core.db.work import reach
from cyberdesk.core.errors import ForbiddenError, SecondFactorError, SignInError
from cyberdesk.core.text import LANGUAGES, _, speak
from cyberdesk.core.web import cookies
from cyberdesk.core.web.doors import doors

Identify = Callable[[Request], Actor | None]
_KEY = "cyberdesk.identify"


def identify_by(app: Flask, way: Identify, *, first: bool = False) -> None:
    """Ask `way` for the actor of each request: a session, a bearer token, a private link.

    Ways are asked in the order in which they are given; one that is `first` before all others.
    """
    ways = app.extensions.setdefault(_KEY, [])
    ways.insert(0 if first else len(ways), way)


def actor() -> Actor:
    """Return the author of this request."""
    return g.get("actor", ANONYMOUS)  # type: ignore[no-any-return]


def admit() -> None:
    """Find the actor, let the transaction run for them, and check the route's permission."""
    g.actor = _identified()
    speak(_chosen() or _usual(g.actor))
    reach(g.actor.scope)
    declared = doors(current_app).get(request.endpoint or "")
    if declared is None or declared.may == PUBLIC:
        return
    if g.actor.kind is ActorKind.ANONYMOUS or not _signed_in(declared.may):
        raise _unknown(machine=declared.machine)
    for needed in declared.needs:
        if needed != SIGNED_IN and not g.actor.may(needed):
            raise _refused(g.actor, needed)
    if (declared.strong or g.actor.staff) and not (g.actor.strong or declared.weak):
        raise SecondFactorError(
            _("A second factor is needed here."), hint=_("Set one up in your account, then retry.")
        )


def _refused(actor: Actor, needed: str) -> ForbiddenError:
    if actor.kind is not ActorKind.TOKEN:
        return ForbiddenError(_("This page is not open to your role."))
    return ForbiddenError(
        _("This token may not do that."),
        hint=_("It needs the scope %(scope)s, and so does the person who made it.", scope=needed),
        scope=needed,
    )


def _unknown(*, machine: bool) -> SignInError:
    if machine:
        return SignInError(
            _("Send a token, as Authorization: Bearer."),
            hint=_("Make a new one on the page of your account."),
        )
    return SignInError(_("Sign in to see this page."))


def _signed_in(may: str) -> bool:
    """Say whether the actor is somebody for `may`: a private link is a way in, and no account."""
    return may != SIGNED_IN or g.actor.kind is not ActorKind.LINK


def _identified() -> Actor:
    for way in current_app.extensions.get(_KEY, []):
        found = way(request)
        if found:
            return found  # type: ignore[no-any-return]
    return ANONYMOUS


def _chosen() -> str | None:
    chosen = request.args.get("lang") or cookies.kept("lang")
    return chosen if chosen in LANGUAGES else None


def _usual(actor: Actor) -> str:
    if actor.kind is ActorKind.PERSON:
        return actor.language
    return request.accept_languages.best_match(LANGUAGES, default="fr") or "fr"

"""`@allowed`: the check that stands on every service, whichever door led there."""

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from cyberdesk.core.access.actor import Actor, ActorKind, Place
from cyberdesk.core.access.permissions import PUBLIC, SIGNED_IN
from cyberdesk.core.errors import ForbiddenError, SignInError

P = ParamSpec("P")
R = TypeVar("R")


def allowed(
    permission: str, *, on: str | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let the service run only for an actor who has `permission`.

    The service's first parameter is the actor. `on` names the parameter whose `place()` a grant
    must cover; without it, the second parameter when it has one, however it is given; else holding
    it anywhere is enough (lists, whose rows are then filtered by reach).
    Raises SignInError for nobody, ForbiddenError for the others.
    """

    def decorate(service: Callable[P, R]) -> Callable[P, R]:
        names = list(inspect.signature(service).parameters)
        target = names.index(on) if on else 1
        name = names[target] if target < len(names) else ""

        @functools.wraps(service)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = args[0]
            assert isinstance(actor, Actor), "the first argument of a service is its actor"
            subject = args[target] if target < len(args) else kwargs.get(name)
            require(actor, permission, subject)
            return service(*args, **kwargs)

        checked.permission = permission  # type: ignore[attr-defined]
        return checked

    return decorate


def require(actor: Actor, permission: str, subject: Any = None) -> None:
    """Raise unless `actor` has `permission` where `subject` stands."""
    if permission == PUBLIC:
        return
    if permission == SIGNED_IN and actor.kind not in {ActorKind.ANONYMOUS, ActorKind.LINK}:
        return
    place = subject.place() if hasattr(subject, "place") else None
    if actor.may(permission, place if isinstance(place, Place) else None):
        return
    if permission == SIGNED_IN or actor.kind is ActorKind.ANONYMOUS:
        raise SignInError("sign in first")
    raise ForbiddenError("this act is not open to you", hint=permission)

"""The small family of refusals that every door understands.

A refusal has a stable code, a message for the person and a hint that says what to do. One handler
turns it into a page, an htmx fragment or problem+json (RFC 9457); nothing branches on its text.
"""

from collections.abc import Mapping
from typing import Any


class RefusalError(Exception):
    """What was asked cannot be done; `message` says why, `hint` what to do instead."""

    status = 400
    code = "refused"

    def __init__(self, message: Any = "", *, hint: Any = "", **facts: Any) -> None:
        super().__init__(str(message))
        self.message = message
        self.hint = hint
        self.facts = facts


class NotFoundError(RefusalError):
    """Absent, or not for this actor: the two are never told apart."""

    status = 404
    code = "not-found"


class ForbiddenError(RefusalError):
    """The object is visible to the actor, the act is not theirs."""

    status = 403
    code = "forbidden"


class SecondFactorError(ForbiddenError):
    """The act needs a sign-in with a second factor, and this one had none."""

    code = "second-factor"


class SignInError(RefusalError):
    """Nobody is signed in."""

    status = 401
    code = "sign-in"


class InvalidError(RefusalError):
    """The input is wrong; `fields` maps a field's name to its messages."""

    status = 422
    code = "invalid"

    def __init__(
        self, message: Any = "", *, hint: Any = "", fields: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.fields = dict(fields or {})


class ConflictError(RefusalError):
    """The object has changed, or is not in the state that the act needs."""

    status = 409
    code = "conflict"


class TooLargeError(RefusalError):
    """More bytes than are taken."""

    status = 413
    code = "too-large"


class TooManyError(RefusalError):
    """Too often; `retry_after` is in seconds."""

    status = 429
    code = "too-many"

    def __init__(self, message: Any = "", *, hint: Any = "", retry_after: int = 60) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class UnavailableError(RefusalError):
    """A part that is needed does not answer at the moment."""

    status = 503
    code = "unavailable"

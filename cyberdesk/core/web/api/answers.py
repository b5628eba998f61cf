"""Answering: JSON, entity tags, and refusing what was decided on an older state (RFC 9110 §13)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Response, request
from pydantic import BaseModel

from cyberdesk.core.errors import RefusalError
from cyberdesk.core.text import _


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with more than its body: `version` becomes its entity tag."""

    body: BaseModel | None
    status: int | None = None
    version: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


class StaleError(RefusalError):
    """The object has changed since the client read it."""

    status = 412
    code = "stale"


def refuse_stale(version: object) -> None:
    """Raise StaleError when the request's If-Match names another version than this one."""
    if request.if_match and not request.if_match.contains(_tag(version)):
        raise StaleError(
            _("It has changed since you read it."), hint=_("Read it again, then decide.")
        )


def respond(made: Any, status: int) -> Response:
    """Return what a view returned as a response: a model, an Answer, nothing, or a response."""
    if isinstance(made, Response):
        return made
    answer = made if isinstance(made, Answer) else Answer(made)
    if answer.body is None:
        response = Response(status=answer.status or HTTPStatus.NO_CONTENT)
    else:
        text = answer.body.model_dump_json(by_alias=True)
        response = Response(text, answer.status or status, mimetype="application/json")
    response.headers.update(answer.headers)
    if answer.version is not None:
        response.set_etag(_tag(answer.version))
        response.make_conditional(request)
    return response


def _tag(version: object) -> str:
    return f"v{version}"

"""What spectree does not know of our answers: problem+json, headers, entity tags, examples."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from cyberdesk.core.web.api.examples import example_of
from cyberdesk.core.web.api.spoken import spoken_of

if TYPE_CHECKING:
    from cyberdesk.core.web.api.door import Call

_JSON, _PROBLEM = "application/json", "application/problem+json"

# What each refusal looks like, and when a client meets it.
_REFUSALS: dict[int, tuple[str, str, str]] = {
    400: ("bad-request", "The request cannot be understood.", ""),
    401: ("sign-in", "This token is unknown, expired or revoked.", "Make a new one."),
    403: ("forbidden", "This token may not do that.", "It needs the scope case:close."),
    404: ("not-found", "There is no such case, or it is not open to you.", ""),
    409: ("conflict", "This case is closed.", "Reopen it first, and say why."),
    412: ("stale", "It has changed since you read it.", "Read it again, then decide."),
    413: ("request-entity-too-large", "The body is larger than 256 KiB.", ""),
    415: ("unsupported-media-type", "This address takes JSON.", "Send application/json."),
    422: ("invalid", "Some fields are wrong or not known.", "Each is named under errors."),
    429: ("too-many", "That was often in a short time.", "Wait as long as Retry-After says."),
    503: ("unavailable", "The database does not answer.", "Send again in a few seconds."),
}
_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token made on the page of your account. Each operation names the scopes "
    "that it needs; a token never does more than the person who made it.",
}
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again with the same key within a day, the request is answered again and "
    "not done again.",
    "schema": {"type": "string", "minLength": 16, "maxLength": 128, "pattern": "^[!-~]+$"},
    "example": "5f0c8a52-6b1e-4c3b-9d0b-2f3a7c9e1d44",
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that you read: refused with 412 when it has changed since.",
    "schema": {"type": "string"},
    "example": '"v12-18b2f0"',
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that you hold: answered with 304 when nothing has changed.",
    "schema": {"type": "string"},
    "example": '"v12-18b2f0"',
}


def finish(made: dict[str, Any], calls: Mapping[str, "Call"]) -> None:
    """Complete the document `made` in place; `calls` are by operation."""
    made["servers"] = [{"url": "/"}]
    made["info"]["license"] = {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}
    made["components"]["securitySchemes"] = {"token": _TOKEN}
    schemas = made["components"]["schemas"]
    for operations in made["paths"].values():
        for operation in operations.values():
            _finish(operation, calls[operation["operationId"]])
            _show(operation, schemas)
    # Queries are spelled out as parameters: the shapes that they were made from serve nobody.
    spoken = spoken_of(made["paths"], schemas)
    made["components"]["schemas"] = {name: schemas[name] for name in schemas if name in spoken}


def _finish(operation: dict[str, Any], call: "Call") -> None:
    for status, answer in operation["responses"].items():
        if int(status) >= HTTPStatus.BAD_REQUEST:
            answer["description"] = HTTPStatus(int(status)).phrase
            answer["content"] = {_PROBLEM: _problem(answer, int(status))}
            answer["headers"] = _told(int(status))
    given = operation["responses"][str(int(call.status))]
    if "content" in given:
        given["content"] = {call.media: given["content"][_JSON]}
    if call.method == "POST":
        operation["parameters"].append(_IDEMPOTENCY)
    if call.tagged:
        _tag(operation, call)
    for parameter in operation["parameters"]:
        if parameter["in"] == "path" and parameter["name"] == "reference":
            parameter["description"] = "The reference as it is spoken, or as it is written."
            parameter["example"] = "CD-7K4-92M"


def _show(operation: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    """Give every body of ours an example."""
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    for body in bodies:
        for media in body.get("content", {}).values():
            media.setdefault("example", example_of(media["schema"], schemas))


def _problem(answer: dict[str, Any], status: int) -> dict[str, Any]:
    code, detail, hint = _REFUSALS[status]
    example: dict[str, Any] = {
        "type": f"urn:cyberdesk:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    if hint:
        example["hint"] = hint
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        example["errors"] = {"letter": ["The commune needs a letter that says how it ended."]}
    return {"schema": answer["content"][_JSON]["schema"], "example": example}


def _told(status: int) -> dict[str, Any]:
    """The headers of a refusal."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        what = "Seconds after which the next request is taken."
        return {"Retry-After": {"description": what, "schema": {"type": "integer"}}}
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        what = "What is wrong with the token (RFC 6750 §3), where it is the token."
        return {"WWW-Authenticate": {"description": what, "schema": {"type": "string"}}}
    return {}


def _tag(operation: dict[str, Any], call: "Call") -> None:
    what = "The version of what is answered."
    tag = {"ETag": {"description": what, "schema": {"type": "string"}}}
    operation["responses"][str(int(call.status))].setdefault("headers", {}).update(tag)
    if call.method == "GET":
        operation["parameters"].append(_IF_NONE_MATCH)
        operation["responses"]["304"] = {"description": "Not modified", "headers": tag}
    else:
        operation["parameters"].append(_IF_MATCH)

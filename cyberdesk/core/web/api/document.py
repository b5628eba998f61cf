"""The API's own description: OpenAPI 3.1 by spectree, made once, when somebody first asks."""

from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from spectree import Response, SpecTree

from cyberdesk.core.access.permissions import PUBLIC
from cyberdesk.core.web.api.shapes import Problem

if TYPE_CHECKING:
    from cyberdesk.core.web.api.door import Call

_JSON, _PROBLEM = "application/json", "application/problem+json"
_BEARER: list[dict[str, list[str]]] = [{"token": []}]
_names: dict[str, Any] = {}


def _name(model: Any) -> str:
    """A model's name in the document: `Page[CaseOut]` is `PageOfCaseOut`."""
    name = str(model.__name__).replace("[", "Of").replace("]", "")
    if _names.setdefault(name, model) is not model:
        raise ValueError(f"two models of the API are called {name}: rename one")
    return name


_tree = SpecTree(
    "flask",
    mode="strict",
    annotations=False,
    title="CyberDesk",
    version="1",
    description="Cases, tasks, declarations and observables, for programs.",
    naming_strategy=_name,
    nested_naming_strategy=lambda _parent, child: child,
)


def describe(view: Callable[..., Any], call: "Call") -> Callable[..., Any]:
    """Note `view` in the document; what is returned carries the note and is never called."""
    answers: dict[str, Any] = {f"HTTP_{status}": Problem for status in call.refusals}
    answers[f"HTTP_{int(call.status)}"] = call.answers
    noted: Callable[..., Any] = _tree.validate(
        query=call.query,
        json=call.takes,
        resp=Response(**answers),
        tags=[call.tag],
        security=[] if call.may == PUBLIC else _BEARER,
        operation_id=view.__name__,
        skip_validation=True,
    )(view)
    return noted


@cache
def document() -> Mapping[str, Any]:
    """Return the OpenAPI document of this application."""
    made: dict[str, Any] = dict(_tree.spec)
    made["components"]["securitySchemes"] = {"token": _TOKEN}
    for operations in made["paths"].values():
        for method, operation in operations.items():
            _finish(method, operation)
    return made


def _finish(method: str, operation: dict[str, Any]) -> None:
    """Say what spectree does not know: problem+json, entity tags, Idempotency-Key."""
    for status, answer in operation["responses"].items():
        if int(status) >= HTTPStatus.BAD_REQUEST and "content" in answer:
            answer["content"] = {_PROBLEM: answer["content"][_JSON]}
    if method == "post":
        operation["parameters"].append(_IDEMPOTENCY)


_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token made on the page of your account.",
}
_IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Sent again with the same key within a day, the request is answered again and "
    "not done again.",
    "schema": {"type": "string", "minLength": 16, "maxLength": 128, "pattern": "^[!-~]+$"},
}

"""The API's own description: OpenAPI 3.1 by spectree, made once, when somebody first asks."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from spectree import Response, SpecTree, Tag
from spectree.model_adapter.pydantic_adapter import PydanticModelAdapter

from cyberdesk.core.access.permissions import PUBLIC
from cyberdesk.core.web.api import finishing
from cyberdesk.core.web.api.shapes import Problem

if TYPE_CHECKING:
    from cyberdesk.core.web.api.door import Call

_names: dict[str, Any] = {}
_calls: dict[str, "Call"] = {}


def _name(model: Any) -> str:
    """A model's name in the document: `Page[CaseOut]` is `PageOfCaseOut`."""
    name = str(model.__name__).replace("[", "Of").replace("]", "")
    if _names.setdefault(name, model) is not model:
        raise ValueError(f"two models of the API are called {name}: rename one")
    return name


class _DrawnOnce(PydanticModelAdapter):  # type: ignore[misc]
    """Draws each model once: it is asked for at every answer of every call, and copied there."""

    def __init__(self) -> None:
        super().__init__()
        self._drawn: dict[Any, dict[str, Any]] = {}

    def json_schema(self, model: type[Any], **how: Any) -> dict[str, Any]:
        key = (model, *sorted(how.items()))
        if key not in self._drawn:
            self._drawn[key] = super().json_schema(model, **how)
        return self._drawn[key]


_tree = SpecTree(
    "flask",
    mode="strict",
    annotations=False,
    title="CyberDesk",
    version="1",
    description="Cases, tasks, declarations and observables, for programs. Times are UTC in "
    "RFC 3339, texts of the house are in French and English, and what is refused is told as "
    "application/problem+json (RFC 9457).",
    validation_error_model=Problem,
    naming_strategy=_name,
    nested_naming_strategy=lambda _parent, child: child,
    model_adapter=_DrawnOnce(),
)


def describe(view: Callable[..., Any], call: "Call") -> Callable[..., Any]:
    """Note `view` in the document; what is returned carries the note and is never called."""
    name = view.__name__
    if _calls.setdefault(name, call) != call:
        raise ValueError(f"two views of the API are called {name}: rename one")
    answers: dict[str, Any] = {f"HTTP_{status}": Problem for status in call.refusals}
    answers[f"HTTP_{int(call.status)}"] = call.answers
    noted: Callable[..., Any] = _tree.validate(
        query=call.query,
        json=call.takes,
        resp=Response(**answers),
        tags=[Tag(name=call.tag)],
        # Names of permissions, as OpenAPI 3.1 lets any scheme list them (§4.8.30).
        security=[] if call.may == PUBLIC else [{"token": call.scopes}],
        operation_id=name,
        skip_validation=True,
    )(view)
    return noted


@cache
def document() -> Mapping[str, Any]:
    """Return the OpenAPI document of this application."""
    made: dict[str, Any] = dict(_tree.spec)
    finishing.finish(made, _calls)
    return made

"""Reading a request: its body and the parameters of its address, checked by pydantic."""

from typing import Any, TypeVar, get_origin

from flask import request
from pydantic import ValidationError

from cyberdesk.core.errors import InvalidError, RefusalError
from cyberdesk.core.text import _
from cyberdesk.core.web.api.shapes import Input, Query, fields_of
from cyberdesk.core.web.api.strict_json import strict_json

MAX_BODY = 256 << 10  # bytes, but where a route says that it takes more

In = TypeVar("In", bound=Input)
Asked = TypeVar("Asked", bound=Query)


class UnsupportedTypeError(RefusalError):
    """The body is of a type that is not taken."""

    status = 415
    code = "unsupported-media-type"


def read_body(shape: type[In]) -> In:
    """Return the request's JSON body as `shape`. Raises InvalidError and its like."""
    if request.mimetype != "application/json":
        raise UnsupportedTypeError(
            _("This address takes JSON."), hint=_("Send Content-Type: application/json.")
        )
    raw = request.get_data()
    strict_json(raw)
    try:
        return shape.model_validate_json(raw)
    except ValidationError as error:
        raise _invalid(error) from None


def read_nothing() -> None:
    """Refuse what is sent to an address that takes nothing; an empty object is nothing."""
    if request.get_data().strip():
        read_body(Input)


def read_query(shape: type[Asked]) -> Asked:
    """Return the parameters of the address as `shape`; one given twice is refused."""
    given: dict[str, Any] = {}
    for name, values in request.args.lists():
        many = name in shape.model_fields and _many(shape.model_fields[name].annotation)
        if len(values) > 1 and not many:
            raise InvalidError(
                _("A parameter is given twice."), fields={name: [_("Give it only once.")]}
            )
        given[name] = values if many else values[0]
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise _invalid(error) from None


def _many(annotation: Any) -> bool:
    return get_origin(annotation) in {list, set, frozenset, tuple}


def _invalid(error: ValidationError) -> InvalidError:
    return InvalidError(
        _("Some fields are wrong or not known."),
        hint=_("Each is named under errors."),
        fields=fields_of(error.errors(include_url=False, include_input=False)),
    )

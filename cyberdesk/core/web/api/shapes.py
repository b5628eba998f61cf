"""The bases of what the API takes and gives, and of what it says when it refuses."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

_LONGEST = 20_000

Text = Annotated[str, Field(max_length=_LONGEST)]


class Input(BaseModel):
    """A JSON body. A field that is not known is refused, and `"1"` is not a number."""

    model_config = ConfigDict(
        extra="forbid", strict=True, str_max_length=_LONGEST, str_strip_whitespace=True
    )


class Query(BaseModel):
    """The parameters of an address; they come as text, so `1` is read as a number."""

    model_config = ConfigDict(extra="forbid", str_max_length=500)


class Output(BaseModel):
    """A JSON answer, made from a row or from values."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Problem(BaseModel):
    """Why a request was refused (RFC 9457). `code` is stable; texts may change."""

    type: str = Field(examples=["urn:cyberdesk:problem:not-found"])
    title: str
    status: int = Field(ge=400, le=599)
    code: str = Field(examples=["not-found"])
    detail: str
    hint: str | None = Field(default=None, description="What to do instead.")
    errors: dict[str, list[str]] | None = Field(
        default=None, description="What is wrong with each field."
    )


def fields_of(errors: list[Any]) -> dict[str, list[str]]:
    """Return pydantic's errors as messages by field, `a.0.b` for a nested one."""
    found: dict[str, list[str]] = {}
    for error in errors:
        name = ".".join(str(part) for part in error["loc"]) or "body"
        found.setdefault(name, []).append(error["msg"])
    return found

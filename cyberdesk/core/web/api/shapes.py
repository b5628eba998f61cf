"""The bases of what the API takes and gives, and of what it says when it refuses."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from cyberdesk.core.text import LANGUAGES, Text, _, in_each

_LONGEST = 20_000
# They reorder what a reader sees (Unicode UAX 9 §2, Bidi_Control), and may be the evidence itself.
_DIRECTION_MARKS = {
    mark: f"[U+{mark:04X}]"
    for mark in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def spelled(text: str) -> str:
    """Spell out marks that turn the direction of text: nothing is lost, and nobody is misled."""
    return text.translate(_DIRECTION_MARKS)


Words = Annotated[str, AfterValidator(spelled), Field(max_length=10_000)]


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


class Said(Output):
    """A text that the house says, in both languages."""

    fr: str
    en: str


def said(text: Text | Mapping[str, str] | str) -> Said:
    """Return `text` in both languages; one that is kept in a single one is given twice."""
    if isinstance(text, Text):
        return Said(**in_each(text))
    if isinstance(text, str):
        return Said(fr=text, en=text)
    kept = {tongue: text.get(tongue) or "" for tongue in LANGUAGES}
    usual = kept["fr"] or kept["en"]
    return Said(**{tongue: held or usual for tongue, held in kept.items()})


def said_each(texts: Iterable[Text | Mapping[str, str] | str]) -> list[Said]:
    return [said(text) for text in texts]


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


# What programs do wrong most; for the rest pydantic's own words are the precise ones.
_SAID = {
    "extra_forbidden": _("There is no field of this name here."),
    "missing": _("It is needed, and is not there."),
}


def fields_of(errors: list[Any]) -> dict[str, list[str]]:
    """Return pydantic's errors as messages by field, `a.0.b` for a nested one."""
    found: dict[str, list[str]] = {}
    for error in errors:
        name = ".".join(str(part) for part in error["loc"]) or "body"
        found.setdefault(name, []).append(str(_SAID.get(error["type"], error["msg"])))
    return found

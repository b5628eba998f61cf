"""A strand's questionnaire, told to programs: its questions, and a JSON Schema of the answers."""

from collections.abc import Iterable
from typing import Any

from pydantic import Field

from cyberdesk.core.web.api import Output, Said
from cyberdesk.desk.declarations.intake import Ask, Choice, Form, Page
from cyberdesk.desk.declarations.shapes import in_both


class AnswerOption(Output):
    value: str = Field(examples=["ransom_note"])
    said: Said
    hint: Said
    unknown: bool = Field(description="“I do not know”; null says the same.")


class AskOut(Output):
    """One question."""

    name: str = Field(examples=["sees"])
    kind: str = Field(description="single, multi, text, phone, email or moment.")
    said: Said
    hint: Said
    required: bool
    choices: list[AnswerOption]
    max_length: int | None = Field(description="Of what is typed.")


class ScreenOut(Output):
    """Questions that are put together."""

    name: str
    title: Said
    questions: list[AskOut]


class QuestionnaireOut(Output):
    """Every question of a strand. Which of them are asked depends on the answers: see `check`."""

    strand: str
    version: str = Field(description="Changes with any question or answer.")
    screens: list[ScreenOut]
    answers_schema: dict[str, Any] = Field(description="JSON Schema of `answers`.")


def questionnaire(strand: str, form: Form) -> QuestionnaireOut:
    pages = in_both(form.every_page)
    asks = [ask for french, _english in pages for ask in french.asks]
    return QuestionnaireOut(
        strand=strand,
        version=form.version,
        screens=[_screen(french, english) for french, english in pages],
        answers_schema=_schema(asks, (one.name for one in form.missing({}))),
    )


def _screen(french: Page, english: Page) -> ScreenOut:
    asks = zip(french.asks, english.asks, strict=True)
    return ScreenOut(
        name=french.name,
        title=Said(fr=french.title, en=english.title),
        questions=[_ask(fr, en) for fr, en in asks],
    )


def _ask(french: Ask, english: Ask) -> AskOut:
    choices = zip(french.choices, english.choices, strict=True)
    return AskOut(
        name=french.name,
        kind=french.kind,
        said=Said(fr=french.label, en=english.label),
        hint=Said(fr=french.hint, en=english.hint),
        required=french.required,
        choices=[_option(fr, en) for fr, en in choices],
        max_length=french.max_length if french.kind == "text" else None,
    )


def _option(french: Choice, english: Choice) -> AnswerOption:
    return AnswerOption(
        value=french.value,
        said=Said(fr=french.label, en=english.label),
        hint=Said(fr=french.hint, en=english.hint),
        unknown=french.unknown,
    )


def _schema(asks: list[Ask], needed: Iterable[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(needed),
        "properties": {ask.name: _of(ask) for ask in asks},
    }


def _of(ask: Ask) -> dict[str, Any]:
    codes: dict[str, Any] = {"enum": [choice.value for choice in ask.choices]}
    kinds: dict[str, list[dict[str, Any]]] = {
        "single": [codes],
        "multi": [{"type": "array", "items": codes, "uniqueItems": True}],
        "moment": [
            {"type": "string", "format": "date-time"},
            {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "said": codes,
                    "date": {"type": "string", "format": "date"},
                    "time": {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"},
                },
            },
        ],
    }
    typed: list[dict[str, Any]] = [{"type": "string", "maxLength": ask.max_length}]
    return {"title": ask.label, "anyOf": [*kinds.get(ask.kind, typed), {"type": "null"}]}

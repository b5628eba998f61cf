"""A questionnaire filled in by a program: its answers as data, read by the rules of the pages.

Data become the fields that the screens would send, so that there is one set of rules; what is wrong
is told by `answers.<question>`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.hygiene import clean_form
from cyberdesk.core.text import Text, _
from cyberdesk.desk.declarations.intake import Ask, Form

UNKNOWN = "unknown"
_ZONE = ZoneInfo("Europe/Paris")
_MOMENT = {"said", "date", "time"}

Given = Mapping[str, Any]
Fields = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Filled:
    """The answers that a program gave, and how many invisible signs were taken out of them."""

    answers: dict[str, Any]
    hidden: int


class _MisfitError(ValueError):
    def __init__(self, said: Text) -> None:
        super().__init__(str(said))
        self.said = said


def fill(form: Form, given: Given, *, now: datetime, complete: bool = True) -> Filled:
    """Read `given` by `form`. Raises InvalidError naming everything that is wrong at once.

    Answers to questions that the others do not bring up are refused: they would be lost. Unless it
    must be `complete`, what is still missing is not told.
    """
    asks = {ask.name: ask for page in form.every_page() for ask in page.asks}
    faults = {name: _("There is no such question.") for name in given if name not in asks}
    answers, hidden = _read(form, given, now, faults)
    relevant = form.relevant(answers)
    if not faults:  # else what an answer that cannot be read would have brought up is not known
        lost = [name for name in answers if name in given and name not in relevant]
        faults |= dict.fromkeys(lost, _("The other answers do not bring up this question."))
    if complete:
        for one in form.missing(relevant):
            faults.setdefault(one.name, _("This answer is needed; null is “I do not know”."))
    if faults:
        raise InvalidError(
            _("Some answers need another look."),
            hint=_("The questionnaire of the strand says which answers are taken."),
            fields={f"answers.{name}": [said] for name, said in faults.items()},
        )
    return Filled(relevant, hidden)


def _read(
    form: Form, given: Given, now: datetime, faults: dict[str, Any]
) -> tuple[dict[str, Any], int]:
    answers: dict[str, Any] = {}
    hidden = 0
    for page in form.every_page():
        asks = [ask for ask in page.asks if ask.name in given]
        if not asks:
            continue
        cleaned = clean_form(_fields(asks, given, faults))
        hidden += cleaned.hidden
        reading = form.read(page.name, cleaned.fields, now=now)
        answers |= reading.answers
        for field, said in reading.errors.items():
            name = next((ask.name for ask in page.asks if field in ask.fields), field)
            if name in given:  # one that is missing is told of once all are read
                faults.setdefault(name, said)
                answers.pop(name, None)
    return answers, hidden


def _fields(asks: list[Ask], given: Given, faults: dict[str, Any]) -> Fields:
    fields: Fields = {}
    for ask in asks:
        try:
            fields |= _WRITERS[ask.kind](ask, given[ask.name])
        except _MisfitError as misfit:
            faults[ask.name] = misfit.said
    return fields


def _single(ask: Ask, value: Any) -> Fields:
    if value is None:
        return {ask.name: [UNKNOWN]} if any(one.unknown for one in ask.choices) else {}
    if not isinstance(value, str):
        raise _MisfitError(_("Give one code."))
    return {ask.name: [value]}


def _multi(ask: Ask, value: Any) -> Fields:
    if value is None:
        return _single(ask, None)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _MisfitError(_("Give a list of codes."))
    return {ask.name: value}


def _typed(ask: Ask, value: Any) -> Fields:
    if value is None:
        return {f"{ask.name}__{UNKNOWN}": ["1"]} if ask.unknown else {}
    if not isinstance(value, str):
        raise _MisfitError(_("Write a text."))
    return {ask.name: [value]}


def _moment(ask: Ask, value: Any) -> Fields:
    if value is None:
        return {ask.name: [UNKNOWN]}
    if isinstance(value, str):
        return _instant(ask.name, value)
    known = isinstance(value, dict) and value.keys() <= _MOMENT
    if not known or not all(isinstance(part, str) for part in value.values()):
        raise _MisfitError(_("Give an instant, or {said, date, time} as texts."))
    said = value.get("said") or ("date" if "date" in value else "")
    return {
        ask.name: [said],
        **{f"{ask.name}__{part}": [value[part]] for part in ("date", "time") if part in value},
    }


def _instant(name: str, text: str) -> Fields:
    """An exact instant becomes a date and a minute in Paris.

    In the hour that the end of summer time repeats, the earlier reading is taken: the law's clocks
    then end sooner, never later.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise _MisfitError(_("Give an instant with its offset: 2026-11-27T08:30:00+01:00."))
    try:
        wall = at.astimezone(_ZONE)
    except OverflowError:
        raise _MisfitError(_("This moment is out of reach.")) from None
    return {
        name: ["date"],
        f"{name}__date": [wall.date().isoformat()],
        f"{name}__time": [wall.strftime("%H:%M")],
    }


_WRITERS: Mapping[str, Callable[[Ask, Any], Fields]] = {
    "single": _single,
    "multi": _multi,
    "text": _typed,
    "phone": _typed,
    "email": _typed,
    "moment": _moment,
}

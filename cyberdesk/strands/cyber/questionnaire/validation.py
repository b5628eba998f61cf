"""From the fields of a form to answers worth keeping, or to what is wrong with them.

Nothing is guessed and nothing typed is lost: the caller shows the form again with the raw values.
Errors are codes, which the page words in its language; `form_errors.yaml` has the words.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache

from cyberdesk.strands.cyber.content import Text, read
from cyberdesk.strands.cyber.questionnaire.model import Question, Screen
from cyberdesk.strands.cyber.questionnaire.moments import SAYINGS, dated, saying
from cyberdesk.strands.cyber.questionnaire.rules import UNKNOWN, Answer

Form = Mapping[str, Sequence[str]]

_LONGEST_PHONE = 40
_LONGEST_EMAIL = 254  # RFC 5321 §4.5.3.1.3
_EMAIL = re.compile(r"[^@\s<>\"(),:;]{1,64}@[^@\s<>\"(),:;.]+(\.[^@\s<>\"(),:;.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 .()/-]*")
_PHONE_DIGITS = range(6, 16)  # ITU-T E.164 §6.1: 15 digits at most
_FRENCH_PHONE = re.compile(r"(?:\+33|0033|0)\s*(?:\(0\))?\s*([1-9]\d{8})")


@cache
def load_errors() -> dict[str, Text]:
    return {code: Text.model_validate(text) for code, text in read("form_errors.yaml").items()}


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with a field: a key of `form_errors.yaml` and what its words need."""

    code: str
    values: Mapping[str, int] = field(default_factory=dict)

    def say(self, language: str) -> str:
        return load_errors()[self.code].say(language).format(**self.values)


@dataclass(frozen=True, slots=True)
class Validation:
    """The answers of a screen, complete only when `errors` (by field) is empty."""

    answers: dict[str, Answer]
    errors: dict[str, FieldError]

    @property
    def ok(self) -> bool:
        return not self.errors


class _WrongError(Exception):
    def __init__(self, code: str, *, at: str = "", **values: int) -> None:
        super().__init__(code)
        self.at = at
        self.error = FieldError(code, values)


def validate(
    screen: Screen, form: Form, *, now: datetime, ignore: Collection[str] = ("csrf_token",)
) -> Validation:
    """Read the fields of `screen` in `form` (every value of each field), as said at `now` (UTC).

    A question left blank is kept as None: it was put, and not answered.
    """
    answers: dict[str, Answer] = {}
    unknown = set(form) - screen.fields - set(ignore)
    errors = {name: FieldError("unknown_field") for name in sorted(unknown)}
    for question in screen.questions:
        try:
            answers[question.name] = _READERS[question.kind](question, form, now)
        except _WrongError as wrong:
            errors[question.name + wrong.at] = wrong.error
    return Validation(answers, errors)


def clean(text: str) -> str:
    """Normalise (NFC), unify line ends and drop control characters, which no one can have meant."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def _value(form: Form, name: str) -> str:
    values = form.get(name, ())
    if len(values) > 1:
        raise _WrongError("one_only")
    return values[0].strip() if values else ""


def _blank(question: Question) -> Answer:
    if question.required:
        raise _WrongError("required")
    return None


def _read_single(question: Question, form: Form, _now: datetime) -> Answer:
    value = _value(form, question.name)
    if not value:
        return _blank(question)
    if value not in question.choices:
        raise _WrongError("not_offered")
    return value


def _read_multi(question: Question, form: Form, _now: datetime) -> Answer:
    sent = {value for value in form.get(question.name, ()) if value}
    if not sent <= set(question.choices):
        raise _WrongError("not_offered")
    picked = [option for option in question.options if option.name in sent]
    if len(picked) > 1 and any(option.exclusive for option in picked):
        raise _WrongError("exclusive")
    return [option.name for option in picked] or _blank(question)


def _read_words(question: Question, form: Form, _now: datetime) -> Answer:
    """Cap before cleaning, so that a huge field costs nothing."""
    value = _value(form, question.name)
    if len(value) > question.max_length:
        raise _WrongError("too_long", max=question.max_length)
    value = clean(value)
    if not question.multiline:
        value = " ".join(value.split())
    return value.strip() or _unless_unknown(question, form)


def _unless_unknown(question: Question, form: Form) -> Answer:
    if question.unknown and _value(form, f"{question.name}__{UNKNOWN}"):
        return None
    return _blank(question)


def _read_phone(question: Question, form: Form, _now: datetime) -> Answer:
    value = _value(form, question.name)
    if len(value) > _LONGEST_PHONE:
        raise _WrongError("phone")
    value = " ".join(clean(value).split())
    if not value:
        return _unless_unknown(question, form)
    digits = sum(character.isdecimal() for character in value)
    if not _PHONE.fullmatch(value) or digits not in _PHONE_DIGITS:
        raise _WrongError("phone")
    return _spaced(value)


def _spaced(phone: str) -> str:
    """Write a French number as it is said, two digits at a time; leave another as typed."""
    french = _FRENCH_PHONE.fullmatch(re.sub(r"[ .\-/]", "", phone))
    if not french:
        return phone
    digits = "0" + french[1]
    return " ".join(digits[start : start + 2] for start in range(0, 10, 2))


def _read_email(question: Question, form: Form, _now: datetime) -> Answer:
    value = _value(form, question.name)
    if len(value) > _LONGEST_EMAIL or (value and not _EMAIL.fullmatch(clean(value))):
        raise _WrongError("email")
    return clean(value) or _unless_unknown(question, form)


def _read_moment(question: Question, form: Form, now: datetime) -> Answer:
    said, day = _value(form, question.name), _value(form, f"{question.name}__date")
    if day and not said:
        said = "date"  # a date typed without ticking « à cette date »
    if not said:
        return _blank(question)
    if said == UNKNOWN:
        return {"said": UNKNOWN}
    if said not in SAYINGS:
        raise _WrongError("not_offered")
    if said != "date":
        return saying(said, now).as_answer()
    at = _value(form, f"{question.name}__time")
    return _dated(day, at, now)


def _dated(day: str, at: str, now: datetime) -> Answer:
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise _WrongError("date", at="__date") from None
    try:
        clock = time.fromisoformat(at).replace(tzinfo=None) if at else None
    except ValueError:
        raise _WrongError("time", at="__time") from None
    try:
        return dated(on, clock, now).as_answer()
    except ValueError as wrong:
        raise _WrongError(str(wrong), at="__date") from None


_READERS: dict[str, Callable[[Question, Form, datetime], Answer]] = {
    "single": _read_single,
    "multi": _read_multi,
    "text": _read_words,
    "phone": _read_phone,
    "email": _read_email,
    "moment": _read_moment,
}

"""The questions of a task: what a form or a machine sends, read as the question's type."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import Text, _

UNKNOWN = "?"  # "je ne sais pas", in a form
LONGEST = {"string": 500, "text": 8_000, "uri": 2_000}
_PARIS = ZoneInfo("Europe/Paris")
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}([.,][0-9]{1,6})?")
_YES, _NO = {"true", "yes", "oui", "1"}, {"false", "no", "non", "0"}

Question = Mapping[str, Any]


class _MisfitError(ValueError):
    """The answer does not fit; holds a text for the person."""

    def __init__(self, said: Text) -> None:
        super().__init__(str(said))
        self.said = said


def read_answers(questions: Mapping[str, Question], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers by question, None for "I do not know". Raises InvalidError with fields.

    A question that is left out counts as not known; one that may not stay unknown is refused.
    """
    values: dict[str, Any] = {}
    faults: dict[str, list[Text]] = {}
    for name, question in questions.items():
        try:
            values[name] = _read(question, given.get(name))
        except _MisfitError as misfit:
            faults[name] = [misfit.said]
            continue
        if values[name] is None and question.get("unknown") == "refused":
            faults[name] = [_("This is needed to go on.")]
    if unknown := set(given) - set(questions):
        faults |= {name: [_("This question was not asked.")] for name in unknown}
    if faults:
        raise InvalidError(_("Some answers need another look."), fields=faults)
    return values


def _read(question: Question, raw: Any) -> Any:
    if raw is None or raw in ("", UNKNOWN):  # a machine may send a list
        return None
    kind = question.get("type", "string")
    if choices := question.get("choices"):
        if not isinstance(raw, str) or raw not in choices:
            raise _MisfitError(_("Choose one of the answers."))
        return raw
    reader: Callable[..., Any] = _READERS.get(kind, _text)
    return reader(question, raw)


def _bool(_question: Question, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    said = str(raw).lower()
    if said in _YES | _NO:
        return said in _YES
    raise _MisfitError(_("Answer yes or no."))


def _number(question: Question, raw: Any) -> float | int:
    text = "" if isinstance(raw, bool) else "".join(str(raw).split())
    if not _NUMBER.fullmatch(text):
        raise _MisfitError(_("Write a number, in figures."))
    value = float(text.replace(",", "."))
    least, most = question.get("min"), question.get("max")
    if (least is not None and value < least) or (most is not None and value > most):
        raise _MisfitError(
            _("Write a number between %(least)s and %(most)s.", least=least, most=most)
        )
    return value


def _integer(question: Question, raw: Any) -> int:
    value = _number(question, raw)
    if value != int(value):
        raise _MisfitError(_("Write a whole number."))
    return int(value)


def _moment(_question: Question, raw: Any) -> str:
    try:
        found = datetime.fromisoformat(str(raw))
    except ValueError:
        raise _MisfitError(_("Write a date and a time.")) from None
    # A form gives the time on the wall clock of the commune.
    aware = found if found.tzinfo else found.replace(tzinfo=_PARIS)
    return aware.astimezone(UTC).isoformat()


def _text(question: Question, raw: Any) -> str:
    if not isinstance(raw, str):
        raise _MisfitError(_("Write a text."))
    longest = LONGEST.get(question.get("type", "string"), LONGEST["string"])
    if len(raw) > longest:
        raise _MisfitError(_("At most %(count)s signs.", count=longest))
    return raw.strip()


_READERS: dict[str, Callable[..., Any]] = {
    "bool": _bool,
    "integer": _integer,
    "long": _integer,
    "float": _number,
    "datetime": _moment,
}

"""Answers back into words, for the review, the desk and the people who call back."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from cyberdesk.core.text import _, language
from cyberdesk.core.web.formatting import short_day
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.intake import Instant, Plain, Told
from cyberdesk.strands.cyber.calendar import PARIS
from cyberdesk.strands.cyber.content import Text
from cyberdesk.strands.cyber.questionnaire import (
    UNKNOWN,
    Answer,
    Answers,
    Moment,
    Question,
    Questionnaire,
    Screen,
    chosen,
    load_questionnaire,
    moment,
    screens,
)
from cyberdesk.strands.cyber.services import load_services
from cyberdesk.strands.cyber.severity import load_scale
from cyberdesk.strands.cyber.taxonomy import load_attack_types


def as_fields(screen: Screen, answers: Answers) -> dict[str, list[str]]:
    """Return the form fields of `screen` that would give these answers."""
    shown: dict[str, list[str]] = {}
    for question in screen.questions:
        if question.name in answers:
            shown.update(_fields(question, answers[question.name]))
    return shown


def told(source: Questionnaire, answers: Answers) -> Sequence[Told]:
    """Return what was answered, question by question, those left blank left out."""
    return [
        Told(step.screen.name, _say(question.label), tuple(said))
        for step in screens(source, answers)
        for question in step.screen.questions
        if question.name in answers
        and (said := list(_said(source, question, answers[question.name])))
    ]


def caller(answers: Answers) -> str:
    """Return the name that the caller gave, empty when they gave none."""
    name = answers.get("callback_name")
    return name if isinstance(name, str) else ""


def instant(source: Questionnaire, answers: Answers, name: str) -> Instant | None:
    """Return the moment answered to the question `name`, with the words it was said in."""
    answer = answers.get(name)
    found = moment(answer)
    if found is None:
        return None
    said = _say(source.sayings[found.said])
    if found.said == "date":
        said = _when(said, answer)
    return Instant(said, found.earliest, found.latest, found.fidelity)


def beginning(source: Questionnaire, answers: Answers) -> str:
    """Return when it began, in words that are still true when they are read again; or nothing."""
    answer = answers.get("since")
    found = moment(answer)
    said = _when(_say(source.sayings[found.said]), answer) if found else ""
    return said[:1].lower() + said[1:]


def plain(case: Case, answers: Answers) -> Plain:
    """Tell the case to somebody who does not speak the trade's language."""
    kind = load_attack_types()[case.subject or UNKNOWN]
    stopped = [load_services()[n] for n in chosen(answers, "services") if n in load_services()]
    known = [_say(kind.plain)]
    if stopped:
        names = ", ".join(_say(service.label).lower() for service in stopped)
        known.append(str(_("Stopped or hindered: %(services)s.", services=names)))
    if said := beginning(load_questionnaire(), answers):
        known.append(str(_("It began, as far as you could tell: %(said)s.", said=said)))
    levels = {level.number: level for level in load_scale().levels}
    return Plain(
        tuple(known),
        _say(levels[case.level].plain),
        tuple((_say(service.label), _say(service.fallback)) for service in stopped),
    )


def _fields(question: Question, answer: Answer) -> dict[str, list[str]]:
    match answer:
        case None:
            return {f"{question.name}__{UNKNOWN}": ["1"]} if _typed_unknown(question) else {}
        case list(options):
            return {question.name: options}
        case {"said": str(said)}:
            return {question.name: [said], **_date(question.name, answer)}
        case _:
            return {question.name: [str(answer)]}


def _typed_unknown(question: Question) -> bool:
    return bool(question.unknown and not question.options)


def _date(name: str, answer: Answer) -> dict[str, list[str]]:
    found = moment(answer)
    if found is None or found.said != "date":
        return {}
    local = found.earliest.astimezone(PARIS)
    shown = {f"{name}__date": [local.date().isoformat()]}
    if found.fidelity == "minute":
        shown[f"{name}__time"] = [local.strftime("%H:%M")]
    return shown


def _said(source: Questionnaire, question: Question, answer: Answer) -> Iterator[str]:
    match answer:
        case None:  # left blank, which is no answer to read again
            return
        case list(options):
            yield from (_say(question.choices[option].label) for option in options)
        case {"said": str(said)}:
            yield _when(_say(source.sayings[said]), answer)
        case str(option) if option in question.choices:
            yield _say(question.choices[option].label)
        case _:
            yield str(answer)


def _when(said: str, answer: Answer) -> str:
    """Say the moment so that it is still true when it is read again: « ce matin » has its day."""
    found = moment(answer)
    if found is None:
        return said
    first, last = found.earliest.astimezone(PARIS), found.latest.astimezone(PARIS)
    if found.said != "date":
        return str(_("%(said)s (%(day)s)", said=said, day=_day(found, first, last)))
    if found.fidelity == "minute":
        return str(_("%(day)s at %(time)s", day=f"{first:%d/%m/%Y}", time=f"{first:%H:%M}"))
    return f"{first:%d/%m/%Y}"


def _day(found: Moment, first: datetime, last: datetime) -> str:
    if found.fidelity in ("month", "year"):  # some days, some time ago
        return str(_("before %(day)s", day=short_day(last, language())))
    return short_day(last if found.said == "last_night" else first, language())


def _say(text: Text) -> str:
    return text.say(language())

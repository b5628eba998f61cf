"""The cyber strand's side of a declaration: its questionnaire shown, its case opened and routed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from cyberdesk.core.access.models import Organisation
from cyberdesk.core.text import language
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.intake import (
    Answers,
    Ask,
    Call,
    Choice,
    Fields,
    Form,
    Gesture,
    Instant,
    Missing,
    Page,
    Plain,
    Reading,
    Speech,
    Told,
    Welcome,
)
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.strands.cyber import gestures, questionnaire, routing, speech, telling, triage
from cyberdesk.strands.cyber.case_facts import answers_of, facts_of
from cyberdesk.strands.cyber.classification import classify
from cyberdesk.strands.cyber.contacts import Contact, whom_to_call
from cyberdesk.strands.cyber.content import Text
from cyberdesk.strands.cyber.questionnaire import (
    UNKNOWN,
    Option,
    Question,
    Questionnaire,
    Screen,
)

STRAND = "cyber"
# What the hands do, drawn; any other gesture gets a tick, or an open hand for what not to do.
_ICONS = {
    "unplug": "plug-off",
    "keep_on": "power",
    "leave_off": "power",
    "photo": "camera",
    "captures": "camera",
    "backups_offline": "database",
    "warn_colleagues": "users",
    "tell_provider": "phone",
    "tell_mayor": "phone",
    "tell_dpo": "shield-lock",
    "call_bank": "phone",
    "call_host": "phone",
    "call_accountant": "phone",
    "by_phone": "phone",
    "known_number": "phone",
    "people_first": "alert",
    "new_password": "key",
    "close_sessions": "logout",
    "notebook": "edit",
    "lock_device": "lock",
    "stay_near": "phone",
}


class CyberForm:
    """One version of the questionnaire, in the language of the moment."""

    def __init__(self, source: Questionnaire) -> None:
        self.source = source

    @property
    def version(self) -> str:
        return self.source.version

    @property
    def document(self) -> str:
        return self.source.document

    @cached_property
    def _fields(self) -> Mapping[str, frozenset[str]]:
        return {screen.name: screen.fields for screen in self.source.screens}

    def pages(self, answers: Answers) -> Sequence[Page]:
        return [self._page(step) for step in questionnaire.screens(self.source, answers)]

    def page(self, name: str, answers: Answers) -> Page:
        found = {step.screen.name: step for step in questionnaire.screens(self.source, answers)}
        return self._page(found[name]) if name in found else self._hidden(name, len(found))

    def every_page(self) -> Sequence[Page]:
        names = [screen.name for screen in self.source.screens]
        return [self._hidden(name, len(names)) for name in names]

    def fields(self, page: str) -> frozenset[str]:
        return self._fields[page]

    def read(self, page: str, fields: Fields, *, now: datetime) -> Reading:
        found = questionnaire.validate(self._screen(page), fields, now=now, ignore=())
        spoken = language()
        return Reading(
            found.answers, {name: wrong.say(spoken) for name, wrong in found.errors.items()}
        )

    def shown(self, page: str, answers: Answers) -> dict[str, list[str]]:
        """Return the values of the fields of `page` that show `answers`."""
        return telling.as_fields(self._screen(page), answers)

    def next_page(self, answers: Answers, *, after: str | None = None) -> str | None:
        found = questionnaire.next_screen(self.source, answers, after=after)
        return found.name if found else None

    def relevant(self, answers: Answers) -> dict[str, Any]:
        return dict(questionnaire.relevant(self.source, answers))

    def missing(self, answers: Answers) -> Sequence[Missing]:
        return [
            Missing(step.screen.name, question.name, _say(question.label))
            for step in questionnaire.screens(self.source, answers)
            for question in step.screen.questions
            if question.required and question.name not in answers
        ]

    def advice(self, answers: Answers, *, page: str | None = None) -> Sequence[Gesture]:
        return [_gesture(g) for g in questionnaire.advice(self.source, answers, screen=page)]

    def told(self, answers: Answers) -> Sequence[Told]:
        return telling.told(self.source, answers)

    def _page(self, step: questionnaire.Step) -> Page:
        screen, sayings = step.screen, self.source.sayings
        return Page(
            name=screen.name,
            title=_say(screen.title),
            intro=_say(screen.intro),
            asks=tuple(_ask(question, sayings) for question in screen.questions),
            number=step.number,
            total=step.total,
            chapter=step.chapter,
            chapters=step.chapters,
            seen=step.seen,
        )

    def _hidden(self, name: str, total: int) -> Page:
        screen = self._screen(name)
        step = questionnaire.Step(screen, number=1, total=total, chapter=1, chapters=1, seen=True)
        return self._page(step)

    def _screen(self, name: str) -> Screen:
        return self.source.screen(name)


class CyberIntake:
    """What the cyber strand brings to declarations."""

    strand = STRAND

    @cached_property
    def _current(self) -> CyberForm:
        return CyberForm(questionnaire.load_questionnaire())

    def current(self) -> CyberForm:
        return self._current

    def restore(self, document: str) -> CyberForm:
        return CyberForm(questionnaire.restore(document))

    def welcome(self) -> Welcome:
        said = gestures.load_gestures().welcome
        return Welcome(_say(said.title), _say(said.alarm), _say(said.at_once))

    def gestures(self, form: Form, answers: Answers) -> Sequence[Gesture]:
        """Return what the answers bring, then the sheet of the likeliest kind of attack."""
        said = form.advice(answers)
        likely = [found.type for found in classify(answers)] if answers else []
        names = [gesture.name for gesture in said]
        return [_gesture(g) for g in gestures.complete(names, likely[:1])]

    def calls(self, answers: Answers) -> Sequence[Call]:
        return [_call(contact, answers) for contact in whom_to_call(answers)]

    def callback(self, answers: Answers) -> str:
        number = answers.get("callback_phone")
        return number if isinstance(number, str) else ""

    def caller(self, answers: Answers) -> str:
        return telling.caller(answers)

    def known_since(self, answers: Answers) -> Instant | None:
        return telling.instant(self._current.source, answers, "known_since")

    def occurred(self, answers: Answers) -> Instant | None:
        return telling.instant(self._current.source, answers, "since")

    def plain(self, case: Case) -> Plain:
        return telling.plain(case, answers_of(case))

    def speech(self, case: Case) -> Sequence[Speech]:
        stopped = facts_of(case)["services_stopped"] is True
        return [
            Speech(_say(one.label), tuple(map(_say, one.say)), tuple(map(_say, one.avoid)))
            for one in speech.speech(case.subject, stopped=stopped)
        ]

    def open_case(self, declaration: Declaration, organisation: Organisation) -> Case:
        return triage.open_case(declaration, organisation)

    def route(self, case: Case, declaration: Declaration) -> None:
        routing.route(case, declaration)


def _say(text: Text | None) -> str:
    return text.say(language()) if text else ""


def _ask(question: Question, sayings: Mapping[str, Text]) -> Ask:
    return Ask(
        name=question.name,
        kind=question.kind,
        label=_say(question.label),
        hint=_say(question.help),
        required=question.required,
        choices=_choices(question, sayings),
        unknown="" if question.options or not question.unknown else _say(question.unknown.label),
        max_length=question.max_length,
        multiline=question.multiline,
        fields=question.fields,
    )


def _choices(question: Question, sayings: Mapping[str, Text]) -> tuple[Choice, ...]:
    if question.kind == "moment":
        return tuple(Choice(s, _say(t), unknown=s == UNKNOWN) for s, t in sayings.items())
    return tuple(_choice(option) for option in question.options)


def _choice(option: Option) -> Choice:
    return Choice(
        option.name, _say(option.label), _say(option.help), unknown=option.name == UNKNOWN
    )


def _gesture(gesture: gestures.Gesture) -> Gesture:
    return Gesture(
        gesture.name,
        gesture.kind == "do",
        _say(gesture.text),
        _say(gesture.why),
        _ICONS.get(gesture.name, ""),
    )


def _call(contact: Contact, answers: Answers) -> Call:
    name, number = contact.told(answers)
    where = contact.phone or (contact.url or "").removeprefix("https://").removeprefix("www.")
    note = " · ".join(filter(None, (_say(contact.what), _say(contact.hours))))
    return Call(
        " · ".join(filter(None, (_say(contact.label), name))),
        where or number,
        note,
        certain=contact.is_certain or bool(number),
        verified_on=None if number else contact.verified_on,  # told by who declares
    )

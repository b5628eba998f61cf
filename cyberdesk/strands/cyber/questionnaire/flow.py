"""Which screen comes next, and what to say at once after an answer."""

from collections.abc import Iterable
from dataclasses import dataclass

from cyberdesk.strands.cyber.gestures import Gesture, load_gestures, pick
from cyberdesk.strands.cyber.questionnaire.model import (
    CHOICES,
    Option,
    Question,
    Questionnaire,
    Screen,
)
from cyberdesk.strands.cyber.questionnaire.rules import UNKNOWN, Answers, chosen


@dataclass(frozen=True, slots=True)
class Step:
    """A visible screen: its place among those visible now, and whether it was seen."""

    screen: Screen
    number: int
    total: int
    chapter: int
    chapters: int
    seen: bool


def screens(questionnaire: Questionnaire, answers: Answers) -> list[Step]:
    """Return the screens that these answers make visible, in order."""
    visible = [s for s in questionnaire.screens if s.when is None or s.when.holds(answers)]
    order = {chapter.name: place for place, chapter in enumerate(questionnaire.chapters, start=1)}
    return [
        Step(
            screen=screen,
            number=number,
            total=len(visible),
            chapter=order[screen.chapter],
            chapters=len(order),
            seen=all(question.name in answers for question in screen.questions),
        )
        for number, screen in enumerate(visible, start=1)
    ]


def next_screen(
    questionnaire: Questionnaire, answers: Answers, *, after: str | None = None
) -> Screen | None:
    """Return the first visible screen not seen yet, later than `after` if it is named.

    None when all have been seen. Without `after`, this is where somebody who comes back goes on.
    """
    steps = screens(questionnaire, answers)
    names = [step.screen.name for step in steps]
    start = names.index(after) + 1 if after in names else 0
    return next((step.screen for step in steps[start:] if not step.seen), None)


def relevant(questionnaire: Questionnaire, answers: Answers) -> Answers:
    """Return only the answers of screens that are visible: others were given and then undone."""
    asked = {
        question.name
        for step in screens(questionnaire, answers)
        for question in step.screen.questions
    }
    return {name: answer for name, answer in answers.items() if name in asked}


def advice(
    questionnaire: Questionnaire, answers: Answers, *, screen: str | None = None
) -> tuple[Gesture, ...]:
    """Return what to do and not to do now, the most urgent first.

    With `screen`, only what its own answers bring.
    """
    known = load_gestures().gestures
    shown = [step.screen for step in screens(questionnaire, answers)]
    options = (
        option
        for one in shown
        if screen in (None, one.name)
        for question in one.questions
        for option in _given(question, answers)
    )
    return pick(name for option in options for name in option.advice if name in known)


def _given(question: Question, answers: Answers) -> Iterable[Option]:
    if question.kind in CHOICES:
        ticked = chosen(answers, question.name)
        return [option for option in question.options if option.name in ticked]
    if question.unknown and UNKNOWN in chosen(answers, question.name):
        return [question.unknown]
    return []

"""The declaration questionnaire: its tree, the way through it, and what it brings out."""

from cyberdesk.strands.cyber.questionnaire.flow import (
    Step,
    advice,
    next_screen,
    relevant,
    screens,
)
from cyberdesk.strands.cyber.questionnaire.model import (
    Chapter,
    Option,
    Question,
    Questionnaire,
    Screen,
    load_questionnaire,
    restore,
)
from cyberdesk.strands.cyber.questionnaire.moments import Moment, moment
from cyberdesk.strands.cyber.questionnaire.rules import UNKNOWN, Answer, Answers, chosen
from cyberdesk.strands.cyber.questionnaire.validation import (
    FieldError,
    Validation,
    validate,
)

__all__ = [
    "UNKNOWN",
    "Answer",
    "Answers",
    "Chapter",
    "FieldError",
    "Moment",
    "Option",
    "Question",
    "Questionnaire",
    "Screen",
    "Step",
    "Validation",
    "advice",
    "chosen",
    "load_questionnaire",
    "moment",
    "next_screen",
    "relevant",
    "restore",
    "screens",
    "validate",
]

"""The tables of a case and of what hangs on it."""

from cyberdesk.desk.cases.models.case import CLOSED, OPEN, Case, OfCase
from cyberdesk.desk.cases.models.timeline import CaseEvent, CaseReading
from cyberdesk.desk.cases.models.work import (
    CaseEnding,
    CaseLink,
    CaseMessage,
    CasePerson,
    GlassBreak,
    SavedView,
    ThreadMark,
)

__all__ = [
    "CLOSED",
    "OPEN",
    "Case",
    "CaseEnding",
    "CaseEvent",
    "CaseLink",
    "CaseMessage",
    "CasePerson",
    "CaseReading",
    "GlassBreak",
    "OfCase",
    "SavedView",
    "ThreadMark",
]

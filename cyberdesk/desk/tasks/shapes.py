"""What the API says of a task: the variant that fits its reader, in both languages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from cyberdesk.core.access import Actor
from cyberdesk.core.text import LANGUAGES, speaking
from cyberdesk.core.web.api import Input, Output, Said, Words, said
from cyberdesk.desk.tasks.models import Task
from cyberdesk.desk.tasks.view import TaskView, view

Value = str | int | float | bool | None


class ChoiceOut(Output):
    value: str
    said: Said


class QuestionOut(Output):
    """Something to be told with `done`."""

    name: str = Field(examples=["hosts"])
    type: str = Field(
        description="string, text, integer, float, bool, datetime, uri…", examples=["integer"]
    )
    said: Said
    needed: bool = Field(description="Without it the task cannot be answered `done`.")
    choices: list[ChoiceOut] = Field(description="One of these, where there are any.")


class TaskOut(Output):
    """Something that somebody is asked to do."""

    id: UUID
    case: UUID
    case_reference: str = Field(examples=["CD-7K4-92M"])
    name: str = Field(description="The step's own name, the same in every run.")
    kind: str = Field(description="task, confirm, approve, verify, decide or review.")
    who: str = Field(description="commune, provider, responder, lead, mayor or dpo.")
    phase: str | None = Field(examples=["contain"])
    state: str = Field(description="open, answered or withdrawn.", examples=["open"])
    title: Said
    why: list[Said]
    how: list[Said]
    avoid: list[Said]
    evidence: list[Said]
    opened_at: datetime
    due_at: datetime | None
    late: bool
    may_answer: bool = Field(description="Whether this token may answer it now.")
    answers: list[ChoiceOut] = Field(description="The answers that are taken.")
    questions: list[QuestionOut]
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None
    answered_side: str | None = Field(description="desk, commune or provider.")
    values: dict[str, Value]
    note: str | None


class AnswerIn(Input):
    answer: str = Field(
        min_length=1, max_length=100, description="One of `answers`.", examples=["done"]
    )
    values: dict[str, Value] = Field(
        default={},
        max_length=100,
        description="By the name of the question, with `done`; null is “I do not know”.",
        examples=[{"hosts": 12}],
    )
    words: Words = Field(default="", max_length=8_000, examples=["Débranché à 09 h 12."])


def task_out(actor: Actor, task: Task) -> TaskOut:
    """Return `task` as `actor` may see it."""
    seen = {}
    for tongue in LANGUAGES:
        with speaking(tongue):
            one = view(actor, task)
            seen[tongue] = (one, [(value, str(text)) for value, text in one.answers])
    shown = seen["fr"][0]
    choices = zip(seen["fr"][1], seen["en"][1], strict=True)
    return TaskOut(
        id=task.id,
        case=task.case_id,
        case_reference=task.case.reference,
        name=task.name,
        kind=task.kind,
        who=task.who,
        phase=task.phase,
        state=task.state,
        title=Said(fr=shown.title, en=seen["en"][0].title),
        **_lines(shown, seen["en"][0]),
        opened_at=task.opened_at,
        due_at=task.due_at,
        late=shown.state == "late",
        may_answer=shown.may_answer,
        answers=[ChoiceOut(value=fr[0], said=Said(fr=fr[1], en=en[1])) for fr, en in choices],
        questions=[_question(name, one) for name, one in shown.questions.items()],
        answer=task.answer,
        answered_at=task.answered_at,
        answered_by=task.answered_by,
        answered_side=task.answered_side,
        values=task.values,
        note=task.note or None,
    )


def _lines(french: TaskView, english: TaskView) -> dict[str, Any]:
    return {
        name: [
            Said(fr=fr, en=en)
            for fr, en in zip(getattr(french, name), getattr(english, name), strict=True)
        ]
        for name in ("why", "how", "avoid", "evidence")
    }


def _question(name: str, question: Mapping[str, Any]) -> QuestionOut:
    choices: Mapping[str, Any] = question.get("choices") or {}
    return QuestionOut(
        name=name,
        type=question.get("type", "string"),
        said=said(question.get("label") or name),
        needed=question.get("unknown") == "refused",
        choices=[ChoiceOut(value=value, said=said(text)) for value, text in choices.items()],
    )

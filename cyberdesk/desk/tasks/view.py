"""A task as it is shown: the variant that fits the reader, in the language of the moment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cyberdesk.core import clock
from cyberdesk.core.access import Actor
from cyberdesk.core.text import Text, _, bilingual
from cyberdesk.desk.tasks import audience
from cyberdesk.desk.tasks.known import Known, Memory
from cyberdesk.desk.tasks.models import OPEN, Task
from cyberdesk.desk.tasks.service import CHOICES

ANSWERS: dict[str, Text] = {
    "done": _("Done"),
    "impossible": _("Not possible here"),
    "unknown": _("I do not know"),
    "agree": _("I agree"),
    "refuse": _("I do not agree"),
    "not_done": _("Not done"),
    "go_on": _("Go on without it"),
    "again": _("Ask again"),
    "true": _("Yes"),
    "false": _("No"),
    "default": _("Something else"),
    "withdrawn": _("No longer needed"),
}
PHASES: dict[str, Text] = {
    "qualify": _("Understand"),
    "contain": _("Contain"),
    "eradicate": _("Clean"),
    "recover": _("Restart"),
    "notify": _("Tell"),
    "learn": _("Learn"),
}
_TEXTS = ("why", "how", "avoid", "evidence", "phone")


_ASKS: Mapping[str, Text | None] = {
    "task": None,
    "decide": None,
    "confirm": _("Somebody says that this is done. Check it yourself, then confirm."),
    "approve": _("This happens only if you agree. If you do not, the step fails."),
    "verify": _("Nobody knows whether this happened. Look on the other side, then say so."),
    "review": _("This cannot go on by itself. Go on as if it were done, or try again?"),
    "own": _("You did this yourself, or the case is yours: somebody else has to answer."),
}


@dataclass(frozen=True, slots=True)
class TaskView:
    """What a template needs. Lists are of plain text; `questions` are {name: question}."""

    task: Task
    title: str
    who: Text
    why: list[str]
    how: list[str]
    avoid: list[str]
    evidence: list[str]
    phone: list[str]
    variant: "TaskView | None"  # how to do it without IT staff, offered when that is not known
    questions: Mapping[str, Any]
    answers: list[tuple[str, Text | str]]
    may_answer: bool
    facts: Mapping[str, Any] = field(default_factory=dict)
    own: bool = False  # four eyes: somebody else has to answer
    memory: Memory | None = None

    @property
    def asks(self) -> Text | None:
        """Say what is wanted of whoever answers, where the title alone does not."""
        return _ASKS["own" if self.own else self.task.kind] if self.task.state == OPEN else None

    @property
    def given(self) -> list[tuple[str, str]]:
        """Return what an action that is to be agreed to would be given."""
        return [(name, _plain(value)) for name, value in (self.facts.get("input") or {}).items()]

    @property
    def known(self) -> dict[str, Known]:
        """Return what was told already of its questions, to be confirmed or changed."""
        return self.memory.of(self.task) if self.memory else {}

    @property
    def id(self) -> Any:
        return self.task.id

    @property
    def due_at(self) -> datetime | None:
        return self.task.due_at

    @property
    def state(self) -> str:
        """Return done, late, now, waiting (somebody else's) or skipped: how its card looks."""
        if self.task.state == OPEN:
            overdue = self.task.due_at is not None and self.task.due_at < clock.now()
            if self.task.late_at or overdue:
                return "late"
            return "now" if self.may_answer else "waiting"
        return "done" if self.task.answer in {"done", "agree", "go_on", "true"} else "skipped"

    @property
    def phase(self) -> Text | None:
        return PHASES.get(self.task.phase or "")

    @property
    def answered(self) -> Text | str:
        return ANSWERS.get(self.task.answer or "", self.task.answer or "")

    @property
    def told(self) -> list[tuple[str, Any]]:
        """Return what was answered to each question, by the words in which it was asked."""
        return [
            (self._asked(name), _("unknown") if value is None else value)
            for name, value in (self.task.values or {}).items()
        ]

    def _asked(self, name: str) -> str:
        return bilingual(self.questions.get(name, {}).get("label")) or name


def view(actor: Actor, task: Task, memory: Memory | None = None) -> TaskView:
    """Return `task` as it is shown; whoever draws its form hands the case's `memory` over."""
    content = task.content
    without = content.get("without_it")
    variant = content.get("no_it") or {}
    shown = {**content, **variant} if variant and without else content
    offered = {**content, **variant} if variant and without is None else None
    return replace(_view(actor, task, shown, offered), memory=memory)


def _view(
    actor: Actor, task: Task, content: Mapping[str, Any], offered: Mapping[str, Any] | None
) -> TaskView:
    facts, own = content.get("facts") or {}, audience.is_own(actor, task)
    choices = CHOICES.get(task.kind, tuple(facts.get("choices", ())))
    texts: dict[str, Any] = {key: _lines(content.get(key)) for key in _TEXTS}
    return TaskView(
        task=task,
        title=bilingual(content.get("task") or content.get("title")),
        who=audience.NAMES[task.who],
        variant=_view(actor, task, offered, None) if offered else None,
        questions=content.get("questions") or {},
        answers=[(str(choice), ANSWERS.get(choice) or str(choice)) for choice in choices],
        may_answer=task.state == OPEN and audience.answers(actor, task) and not own,
        own=task.state == OPEN and own,
        facts=facts,
        **texts,
    )


def _plain(value: Any) -> str:
    """Return a value of an action's input as a person reads it: a text in their language."""
    if isinstance(value, Mapping) and {"fr", "en"} & set(value):
        return bilingual(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _lines(given: Any) -> list[str]:
    """Return texts as lines: one text or a list of them, {fr, en} or plain."""
    if not given:
        return []
    items = given if isinstance(given, list | tuple) else [given]
    return [bilingual(item) for item in items]

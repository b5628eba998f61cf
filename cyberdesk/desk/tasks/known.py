"""What was answered already on a case is proposed where the same thing is asked again.

Another playbook, or another step, may ask for the same variable. Its answer is filled in, with
where it comes from; the person confirms it by answering, or changes it. A step that asks again,
in a loop, wants a fresh answer, and a decision is taken anew: there nothing is proposed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from cyberdesk.core.access import Actor
from cyberdesk.core.db import session
from cyberdesk.core.text import Text, _, bilingual, language
from cyberdesk.core.web.formatting import near
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.tasks import audience
from cyberdesk.desk.tasks.listing import listed_title
from cyberdesk.desk.tasks.models import ANSWERED, Task

_PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Known:
    """An answer as a form holds it, and who gave it, where, when."""

    value: str
    source: Text


class Memory:
    """What `actor` may know of the answers given on a case; read when it is first asked."""

    def __init__(self, actor: Actor, case: Case) -> None:
        self.actor, self.case = actor, case

    @cached_property
    def answered(self) -> Sequence[Task]:
        """The answered tasks, the latest first."""
        wanted = select(Task).where(Task.case_id == self.case.id, Task.state == ANSWERED)
        latest = session().scalars(wanted.order_by(Task.answered_at.desc(), Task.id.desc()))
        return [task for task in latest if audience.sees(self.actor, task)]

    def of(self, task: Task) -> dict[str, Known]:
        """Return what is proposed for the questions of `task`."""
        questions: Mapping[str, Any] = task.content.get("questions") or {}
        if not questions or task.content.get("decision"):
            return {}
        others = [one for one in self.answered if not _same_step(one, task)]
        found = ((name, self._latest(others, name, asked)) for name, asked in questions.items())
        return {name: known for name, known in found if known is not None}

    @staticmethod
    def _latest(tasks: Sequence[Task], name: str, asked: Mapping[str, Any]) -> Known | None:
        for task in tasks:
            value = (task.values or {}).get(name)
            before = (task.content.get("questions") or {}).get(name)
            if value is not None and before is not None and _alike(before, asked):
                return Known(_in_a_form(value, asked), _source(task))
        return None


def _same_step(one: Task, other: Task) -> bool:
    return (one.run_id, one.name) == (other.run_id, other.name)


def _alike(before: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Say whether it is the same question: of one name, type, and choice of answers."""
    return before.get("type", "string") == asked.get("type", "string") and set(
        before.get("choices") or ()
    ) == set(asked.get("choices") or ())


def _in_a_form(value: Any, asked: Mapping[str, Any]) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if asked.get("type") == "datetime":
        return f"{datetime.fromisoformat(value).astimezone(_PARIS):%Y-%m-%dT%H:%M}"
    return str(value)


def _source(task: Task) -> Text:
    return _(
        "Told already by %(who)s on %(when)s, for “%(title)s”: confirm or change.",
        who=task.answered_by or "",
        when=near(task.answered_at or task.opened_at, language()),
        title=bilingual(listed_title(task)),
    )

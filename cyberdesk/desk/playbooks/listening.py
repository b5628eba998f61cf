"""What happens to a case and its runs must know."""

from typing import Any

from cyberdesk.core.access import Actor
from cyberdesk.core.db import session
from cyberdesk.core.events import events
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.playbooks.service import answer, stop_runs, tell_facts
from cyberdesk.desk.tasks.models import Task


def subscribe() -> None:
    for name in ("case:triaged", "case:severity", "case:awareness", "case:facts"):
        events.subscribe(name, _changed)
    events.subscribe("case:closed", _closed)
    events.subscribe("case:merged", _merged)
    events.subscribe("task:answered", _answered)


def _answered(task: Task, actor: Actor, **_facts: Any) -> None:
    """What follows from an answer happens in the transaction of the answer."""
    if task.run_id is None or task.path is None or task.ticket is None:
        return
    if session().get(Run, task.run_id) is not None:
        said, values = task.answer or "", task.values
        answer(actor, task.run_id, path=task.path, ticket=task.ticket, said=said, values=values)


def _changed(case: Case, **_facts: Any) -> None:
    tell_facts(case)


def _closed(case: Case, **_facts: Any) -> None:
    stop_runs(case, reason="case-closed")


def _merged(case: Case, **_facts: Any) -> None:
    stop_runs(case, reason="case-merged")

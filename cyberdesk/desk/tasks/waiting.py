"""For whom a case waits, and until when, as its open tasks tell."""

from datetime import UTC, datetime

from sqlalchemy import select

from cyberdesk.core.db import every_kept, session
from cyberdesk.core.db.holding import is_new
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.tasks.audience import DESK
from cyberdesk.desk.tasks.listing import listed_title
from cyberdesk.desk.tasks.models import OPEN, Task

_NEVER = datetime.max.replace(tzinfo=UTC)


def open_tasks(case: Case) -> list[Task]:
    """Return what is asked of people in this case, in the order in which it was opened."""
    if is_new(case):
        return [task for task in every_kept(Task) if task.case is case and task.state == OPEN]
    wanted = select(Task).where(Task.case_id == case.id, Task.state == OPEN)
    return list(session().scalars(wanted.order_by(Task.opened_at)))


def show_waiting(case: Case) -> bool:
    """Tell the queue: our own task first, for it is ours to move; else the one due first.

    Say whether anybody is asked for anything.
    """
    tasks = open_tasks(case)
    _show_due(case, min((task for task in tasks if task.due_at), key=_end, default=None))
    ours = [task for task in tasks if task.who in DESK]
    first = min(ours or tasks, key=_end, default=None)
    if first is None:
        if case.waits_on != "engine":  # a playbook at work says so itself
            cases.set_waiting(case, None)
    else:
        who = "responder" if first.who in DESK else first.who
        cases.set_waiting(case, who, why=listed_title(first), since=first.opened_at)
    return first is not None


def _show_due(case: Case, task: Task | None) -> None:
    if task is None:
        cases.set_next_due(case, "tasks", None)
    else:
        title = listed_title(task)
        cases.set_next_due(case, "tasks", task.due_at, title, since=task.opened_at)


def _end(task: Task) -> tuple[datetime, datetime]:
    return task.due_at or _NEVER, task.opened_at

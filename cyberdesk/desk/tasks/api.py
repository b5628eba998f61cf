"""Tasks, for programs: those of a case, those that wait for you, and answering them."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from cyberdesk.core.access import Actor, Grant
from cyberdesk.core.web.api import ApiDoor, Output, Page, PageQuery, Query, page_of
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.reaching import within
from cyberdesk.desk.cases.service.sides import NARROW
from cyberdesk.desk.tasks import audience, service
from cyberdesk.desk.tasks.models import OPEN, Task
from cyberdesk.desk.tasks.shapes import AnswerIn, TaskOut, task_out

door = ApiDoor("tasks", __name__, tag="Tasks")


class TasksQuery(Query):
    state: Literal["open", "answered", "withdrawn"] | None = None


class TasksOut(Output):
    data: list[TaskOut] = Field(description="In the order in which they were opened.")


@door.get(
    "/cases/<reference>/tasks",
    may="task:read",
    also="case:read",
    answers=TasksOut,
    query=TasksQuery,
)
def list_tasks_of_case(reference: str, query: TasksQuery) -> TasksOut:
    """List the tasks of a case that you see."""
    case = cases.access_case(actor(), reference)
    found = service.tasks_of(actor(), case, state=query.state)
    return TasksOut(data=[_shown(task) for task in found])


@door.get("/tasks", may="task:read", also="case:read", answers=Page[TaskOut], query=PageQuery)
def list_my_tasks(query: PageQuery) -> Page[TaskOut]:
    """List the open tasks that wait for you, oldest first.

    For the desk, those of the cases that are the token's person's; for others, all that they are
    asked.
    """
    order: list[Any] = [Task.opened_at, Task.id]
    return page_of(_mine(actor()), order, query, _shown)


@door.get("/tasks/<uuid:task_id>", may="task:read", also="case:read", answers=TaskOut)
def read_task(task_id: UUID) -> TaskOut:
    """Read a task."""
    return _shown(service.access_task(actor(), task_id))


@door.post(
    "/tasks/<uuid:task_id>/answer",
    may="task:answer",
    also="task:read",
    takes=AnswerIn,
    answers=TaskOut,
    status=200,
)
def answer_task(task_id: UUID, body: AnswerIn) -> TaskOut:
    """Answer a task; its playbook goes on. 409: it is closed already."""
    task = service.access_task(actor(), task_id)
    service.answer(actor(), task, answer=body.answer, values=body.values, words=body.words)
    return _shown(task)


def _shown(task: Task) -> TaskOut:
    return task_out(actor(), task)


def _mine(who: Actor) -> Select[Any]:
    """Return what `audience.answers` lets `who` answer, and is theirs to answer, as SQL."""
    own = [grant for grant in who.grants if grant.permits("task:answer")]
    return (
        select(Task)
        .join(Case, Case.id == Task.case_id)
        .where(Task.state == OPEN, within(who, "task:read"))
        .where(or_(false(), *(_asked(who, grant) for grant in own)))
    )


def _asked(who: Actor, grant: Grant) -> ColumnElement[bool]:
    if grant.strand:
        leads = grant.permits("task:lead")
        asked = audience.DESK if leads else audience.DESK - {"lead"}
        here = and_(Case.strand == grant.strand, Case.owner_id == who.person)
    else:
        part = NARROW.get(grant.role)
        asked = frozenset({part}) if part else audience.VICTIM
        there = Case.organisation_id == grant.organisation
        here = there if grant.organisation else Case.id == grant.case
    return and_(here, Task.who.in_(asked))

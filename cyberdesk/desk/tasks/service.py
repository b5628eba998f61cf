"""Opening, answering and withdrawing tasks."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, ActorKind, allowed
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.db import keep, session
from cyberdesk.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from cyberdesk.core.events import events
from cyberdesk.core.text import _, bilingual
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.service.locking import lock
from cyberdesk.desk.cases.service.thread import side_of
from cyberdesk.desk.tasks import audience
from cyberdesk.desk.tasks.listing import TYPED, listed_title
from cyberdesk.desk.tasks.models import ANSWERED, OPEN, WITHDRAWN, Task
from cyberdesk.desk.tasks.questions import read_answers
from cyberdesk.desk.tasks.waiting import show_waiting

CHOICES: Mapping[str, tuple[str, ...]] = {
    "task": ("done", "impossible", "unknown"),
    "confirm": ("agree", "refuse"),
    "approve": ("agree", "refuse"),
    "verify": ("done", "not_done"),
    "review": ("go_on", "again"),
}
_CONTENT = ("why", "how", "avoid", "evidence", "phone", "no_it", "decision")
_LONGEST_NOTE = 8_000


def open_question(case: Case, asked: Mapping[str, Any], *, run_id: UUID) -> Task:
    """Open what a run asks of a person, and say so in the queue. Twice is once."""
    wanted = select(Task).where(
        Task.run_id == run_id, Task.path == asked["path"], Task.ticket == asked["ticket"]
    )
    task = session().scalar(wanted) or ask(case, asked, run_id=run_id)
    show_waiting(case)
    return task


def ask(case: Case, asked: Mapping[str, Any], *, run_id: UUID) -> Task:
    """Open what a run asks for the first time: its tickets tell, and it holds its own row.

    Whoever calls it calls `show_waiting(case)` when all is done.
    """
    return _open(case, _who(asked), _told(asked), asked, run_id=run_id)


@allowed("task:open", on="case")
@recorded("task:open", about="case")
def open_task(
    actor: Actor,
    case: Case,
    *,
    name: str,
    who: str,
    title: Mapping[str, str],
    content: Mapping[str, Any] | None = None,
    questions: Mapping[str, Any] | None = None,
    due: datetime | None = None,
    phase: str | None = None,
) -> Task:
    """Open a task by hand, outside of any playbook: the call-back, or whatever is needed."""
    if who not in audience.NAMES:
        raise InvalidError(_("For whom is this task?"), fields={"who": [who]})
    told = {"title": dict(title), "questions": dict(questions or {}), **(content or {})}
    told[TYPED] = actor.kind is not ActorKind.SYSTEM
    asked = {"path": None, "ticket": None, "kind": "task", "step": name, "phase": phase}
    task = _open(case, who, told, asked, due=due)
    show_waiting(case)
    return task


def _open(
    case: Case,
    who: str,
    told: dict[str, Any],
    asked: Mapping[str, Any],
    *,
    run_id: UUID | None = None,
    due: datetime | None = None,
) -> Task:
    at = asked.get("due")
    task = Task(
        key_id=case.key_id,
        case=case,
        case_id=case.id,
        run_id=run_id,
        path=asked["path"],
        ticket=asked["ticket"],
        name=str(asked["path"] or asked["step"]).replace(">", "/").rpartition("/")[2],
        kind=asked["kind"],
        who=who,
        phase=asked.get("phase"),
        state=OPEN,
        opened_at=clock.now(),
        due_at=due or (datetime.fromtimestamp(at / 1000, UTC) if at else None),
        content=told,
    )
    session().add(keep(task))
    events.emit("task:opened", task=task)
    return task


def _told(asked: Mapping[str, Any]) -> dict[str, Any]:
    content = asked.get("content") or {}
    facts = ("condition", "known", "choices", "action", "input", "message", "after", "by")
    return {
        "title": dict(asked["title"]),
        **{key: content[key] for key in _CONTENT if key in content},
        "questions": asked.get("questions") or {},
        "without_it": asked.get("without_it"),
        "facts": {key: asked[key] for key in facts if key in asked},
    }


def _who(asked: Mapping[str, Any]) -> str:
    """Without IT staff, a task may be somebody else's: its `no_it` variant says whose."""
    variant = (asked.get("content") or {}).get("no_it") or {}
    return str(variant.get("who") or asked["who"]) if asked.get("without_it") else asked["who"]


def access_task(actor: Actor, task_id: UUID) -> Task:
    """Return the task when `actor` may see it. Raises NotFoundError."""
    task = session().get(Task, task_id)
    if task is None or not audience.sees(actor, task):
        raise NotFoundError(_("There is no such task, or it is not open to you."))
    return task


@allowed("task:read")
def tasks_of(actor: Actor, case: Case, *, state: str | None = None) -> Sequence[Task]:
    """Return the tasks of a case that `actor` sees, in the order in which they were opened."""
    wanted = select(Task).where(Task.case_id == case.id).order_by(Task.opened_at, Task.id)
    if state:
        wanted = wanted.where(Task.state == state)
    return [task for task in session().scalars(wanted) if audience.sees(actor, task)]


@allowed("task:answer", on="task")
@recorded("task:answer", about="task")
def answer(
    actor: Actor,
    task: Task,
    *,
    answer: str,
    values: Mapping[str, Any] | None = None,
    words: str = "",
) -> Task:
    """Answer a task: `done`, `impossible`, `unknown`, or one of the choices of its kind.

    `values` answer its questions. Raises InvalidError with fields; ConflictError when somebody
    else has answered, or the playbook no longer asks.
    """
    lock(task.case)  # first, as the engine does: else the two wait for each other in a circle
    session().refresh(task, with_for_update={"of": Task})
    if task.state != OPEN:
        raise ConflictError(
            _("This task is closed already."), hint=_("Reload the page to see the answer.")
        )
    if not audience.answers(actor, task):
        raise ForbiddenError(_("This task is for somebody else."))
    _refuse_same_eyes(actor, task)
    _refuse_unfit(task, answer, words)
    questions = task.content.get("questions", {}) if answer == "done" else {}
    task.values = read_answers(questions, values or {}) if answer == "done" else {}
    task.state, task.answer = ANSWERED, answer
    task.answered_at, task.answered_by = clock.now(), actor.name
    task.answered_side, task.note = side_of(actor, task.case), words or None
    _tell_answer(actor, task, words)
    note(task=task.name)
    events.emit("task:answered", task=task, actor=actor)
    session().flush()
    show_waiting(task.case)
    return task


def close_question(run_id: UUID, path: str, ticket: int, why: str) -> None:
    """Withdraw what a run asked: it is known meanwhile, replaced, or no longer needed."""
    wanted = select(Task).where(
        Task.run_id == run_id, Task.path == path, Task.ticket == ticket, Task.state == OPEN
    )
    task = session().scalars(wanted.with_for_update(of=Task)).first()
    if task:
        _withdraw(task, why)


@allowed("task:open", on="task")
@recorded("task:withdraw", about="task")
def withdraw(actor: Actor, task: Task, *, why: str) -> Task:
    """Take a task back that was opened by hand. A playbook's are skipped in its run."""
    if task.run_id or task.state != OPEN:
        raise ConflictError(_("This task cannot be taken back here."))
    _withdraw(task, why)
    return task


def _withdraw(task: Task, why: str) -> None:
    task.state, task.answer, task.answered_at = WITHDRAWN, why, clock.now()
    session().flush()
    show_waiting(task.case)
    events.emit("task:withdrawn", task=task)


def mark_late(run_id: UUID, path: str) -> None:
    """The time of a step has passed: its task shows late from now on."""
    for task in _open_at(run_id, path):
        if task.late_at is None:
            task.late_at = clock.now()
            events.emit("task:late", task=task)


def remind(run_id: UUID, path: str) -> None:
    """Remind whoever has the step's task."""
    for task in _open_at(run_id, path):
        events.emit("task:reminder", task=task)


def _open_at(run_id: UUID, path: str) -> list[Task]:
    wanted = select(Task).where(Task.run_id == run_id, Task.path == path, Task.state == OPEN)
    return list(session().scalars(wanted.with_for_update(of=Task)))


def _refuse_same_eyes(actor: Actor, task: Task) -> None:
    """Four eyes: whoever did it does not confirm it."""
    if audience.is_own(actor, task):
        raise ForbiddenError(_("Somebody else has to confirm what you did yourself."))


def _refuse_unfit(task: Task, answer: str, words: str) -> None:
    facts = task.content.get("facts") or {}
    if answer not in CHOICES.get(task.kind, facts.get("choices", ())):
        raise InvalidError(_("Choose one of the answers."), fields={"answer": [answer]})
    if len(words) > _LONGEST_NOTE:
        raise InvalidError(_("The note is too long."), fields={"words": [str(_LONGEST_NOTE)]})


def _tell_answer(actor: Actor, task: Task, words: str) -> None:
    facts = {
        "title": listed_title(task),
        "answer": task.answer,
        "kind": task.kind,
        "who": task.who,
        "side": task.answered_side,
    }
    if task.content.get(TYPED):  # its title is told where words are sealed
        words = " — ".join(filter(None, (bilingual(task.content["title"]), words)))
    desk_only = task.who in audience.DESK
    cases.tell(actor, task.case, "task:answered", facts=facts, words=words, desk_only=desk_only)

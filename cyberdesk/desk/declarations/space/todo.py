"""What to do, in order: each task with why, how and what to keep, and three honest answers."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from cyberdesk.core.errors import InvalidError, NotFoundError
from cyberdesk.core.hygiene import clean
from cyberdesk.core.text import _
from cyberdesk.core.web.forms import refuse_unknown
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.space.door import door, opened, render, to_do
from cyberdesk.desk.declarations.views.door import tell
from cyberdesk.desk.tasks import service as tasks
from cyberdesk.desk.tasks.forms import PREFIX
from cyberdesk.desk.tasks.models import OPEN, Task
from cyberdesk.desk.tasks.view import view

_CALL = ("called_at", "called_who")


@door.get("/mon-dossier/<reference>/a-faire", may="task:read")
def todo(reference: str) -> str:
    return _page(opened(reference))


@door.post("/mon-dossier/<reference>/a-faire/<uuid:task_id>", may="task:answer")
def answer(reference: str, task_id: UUID) -> AnyResponse | tuple[str, int]:
    found = opened(reference)
    task = tasks.access_task(actor(), task_id)
    if task.case_id != found.id:
        raise NotFoundError
    try:
        tasks.answer(actor(), task, **_given(task))
    except InvalidError as refusal:
        return _page(found, wrong=task_id, refusal=refusal), refusal.status
    tell(_("Noted, thank you. Here is what comes next."), "good")
    return redirect(url_for("space.todo", reference=reference), code=303)


def _given(task: Task) -> dict[str, Any]:
    """Read the form: the answer, its questions, and the note of a call made on the telephone."""
    questions = task.content.get("questions") or {}
    names = {name: PREFIX + name for name in questions}
    refuse_unknown({"answer", "words", *_CALL, *names.values()})
    values = {name: request.form.get(field) for name, field in names.items()}
    return {
        "answer": request.form.get("answer", ""),
        "values": {name: clean(value).text for name, value in values.items() if value is not None},
        "words": _note(),
    }


def _note() -> str:
    at, who, words = (clean(request.form.get(n, "")).text.strip() for n in (*_CALL, "words"))
    if not at and not who:
        return words
    call = _("Call at %(time)s, spoke to %(who)s.", time=at or "?", who=who or "?")
    return f"{call} {words}".strip()


def part(case: Case) -> str:
    """Draw the tasks alone."""
    return render_template("space/_todo.html", case=case, **_tasks(case))


def _page(case: Case, *, wrong: UUID | None = None, refusal: InvalidError | None = None) -> str:
    shown = _tasks(case) | {"wrong": wrong, "refusal": refusal}
    return render("space/todo.html", case, "space.todo", **shown)


def _tasks(case: Case) -> dict[str, Any]:
    behind = [task for task in tasks.tasks_of(actor(), case) if task.state != OPEN]
    return {"mine": to_do(actor(), case), "done": [view(actor(), task) for task in behind]}

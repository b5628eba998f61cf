"""Tasks on the desk: one task, and answering it."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _
from cyberdesk.core.web.doors import Door
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.tasks import service
from cyberdesk.desk.tasks.forms import read_form
from cyberdesk.desk.tasks.known import Memory
from cyberdesk.desk.tasks.models import Task
from cyberdesk.desk.tasks.view import view

door = Door("tasks", __name__, url_prefix="/desk/tasks", template_folder="templates")


@door.get("/<uuid:task_id>", may="task:open")
def show(task_id: UUID) -> str:
    return _page(service.access_task(actor(), task_id))


@door.post("/<uuid:task_id>", may="task:open")
def answer(task_id: UUID) -> Response | tuple[str, int]:
    task = service.access_task(actor(), task_id)
    try:
        service.answer(actor(), task, **read_form(task))
    except InvalidError as refusal:
        return _page(task, refusal), refusal.status
    flash(str(_("Noted. The playbook goes on.")))
    return redirect(url_for("cases.show", reference=task.case.reference))


def _page(task: Task, refusal: InvalidError | None = None) -> str:
    memory = Memory(actor(), task.case)
    return render_template(
        "tasks/task.html", case=task.case, one=view(actor(), task, memory), refusal=refusal
    )

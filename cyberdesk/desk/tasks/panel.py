"""The card of tasks on a case: what is to be done now, by whom, and what was done."""

from flask import render_template
from markupsafe import Markup

from cyberdesk.core.access import Actor
from cyberdesk.core.text import Text, _, plural
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.panels import CasePanel
from cyberdesk.desk.tasks import service
from cyberdesk.desk.tasks.audience import DESK
from cyberdesk.desk.tasks.known import Memory
from cyberdesk.desk.tasks.models import OPEN
from cyberdesk.desk.tasks.view import view


def render(actor: Actor, case: Case) -> Markup:
    memory = Memory(actor, case)
    views = [view(actor, task, memory) for task in service.tasks_of(actor, case)]
    now = [one for one in views if one.task.state == OPEN]
    return Markup(  # noqa: S704  # made by our own autoescaped template
        render_template(
            "tasks/panel.html",
            case=case,
            ours=[one for one in now if one.task.who in DESK],
            theirs=[one for one in now if one.task.who not in DESK],
            ended=[one for one in views if one.task.state != OPEN],
        )
    )


def still_open(actor: Actor, case: Case) -> Text | None:
    """What closing withdraws."""
    count = sum(task.state == OPEN for task in service.tasks_of(actor, case))
    if not count:
        return None
    return plural(
        "One task is still open: closing withdraws it.",
        "%(count)s tasks are still open: closing withdraws them.",
        count,
    )


PANEL = CasePanel("tasks", _("Tasks"), render, order=20, may="task:read", icon="list")

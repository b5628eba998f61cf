"""Tasks: what people are asked to do, by a playbook or by hand."""

from collections.abc import Iterable
from typing import Any

from cyberdesk.core.room import Room
from cyberdesk.core.text import _
from cyberdesk.desk.tasks.journalled import ACTS, SUBJECTS
from cyberdesk.desk.tasks.policy import OPENS, POLICY


def _doors() -> Iterable[Any]:
    from cyberdesk.desk.tasks.api import door as api
    from cyberdesk.desk.tasks.views import door

    return [door, api]


def _wire() -> None:
    from cyberdesk.desk.cases import panels, pending, story
    from cyberdesk.desk.tasks import listening
    from cyberdesk.desk.tasks.panel import PANEL, still_open
    from cyberdesk.desk.tasks.stories import STORIES

    panels.add_panel(PANEL)
    pending.register("tasks", still_open)
    story.register(STORIES)
    listening.subscribe()


ROOM = Room(
    name="tasks",
    title=_("Tasks"),
    policy=POLICY,
    opens=OPENS,
    doors=_doors,
    wire=_wire,
    journalled=ACTS | SUBJECTS,
)

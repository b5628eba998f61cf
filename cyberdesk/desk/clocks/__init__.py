"""Legal clocks: what must be told to whom by when, from the moment the victim knew."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from cyberdesk.core.room import Room, Sweep
from cyberdesk.core.text import _
from cyberdesk.desk.clocks.journalled import ACTS, SUBJECTS
from cyberdesk.desk.clocks.policy import OPENS, POLICY


def _doors() -> Iterable[Any]:
    from cyberdesk.desk.clocks.api import door as api
    from cyberdesk.desk.clocks.views import door

    return [door, api]


def _wire() -> None:
    from cyberdesk.desk.cases import panels, pending, story
    from cyberdesk.desk.clocks.panel import ACTION, PANEL, still_running
    from cyberdesk.desk.clocks.stories import STORIES

    panels.add_panel(PANEL)
    pending.register("clocks", still_running)
    panels.add_action(ACTION)
    story.register(STORIES)


def _remind() -> int:
    from cyberdesk.desk.clocks.sweeps import remind

    return remind()


def _mark_breached() -> int:
    from cyberdesk.desk.clocks.sweeps import mark_breached

    return mark_breached()


ROOM = Room(
    name="clocks",
    title=_("Deadlines"),
    journalled=ACTS | SUBJECTS,
    policy=POLICY,
    opens=OPENS,
    doors=_doors,
    wire=_wire,
    sweeps=(
        Sweep("clocks:remind", timedelta(seconds=15), _remind),
        Sweep("clocks:breach", timedelta(seconds=15), _mark_breached),
    ),
)

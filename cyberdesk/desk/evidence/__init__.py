"""Evidence: the files of a case, from whichever side they came, and the story of each."""

from collections.abc import Iterable
from typing import Any

from cyberdesk.core.room import Room
from cyberdesk.core.text import _
from cyberdesk.desk.evidence.policy import POLICY


def _doors() -> Iterable[Any]:
    from cyberdesk.desk.evidence.views import door

    return [door]


def _wire() -> None:
    from cyberdesk.desk.cases import panels, story
    from cyberdesk.desk.evidence.panel import PANELS, TAB
    from cyberdesk.desk.evidence.stories import STORIES

    panels.add_tab(TAB)
    panels.add_panel(*PANELS)
    story.register(STORIES)


ROOM = Room(name="evidence", title=_("Files"), policy=POLICY, doors=_doors, wire=_wire)

"""Observables of a case as STIX objects, and the case as a bundle for others."""

from collections.abc import Iterable
from typing import Any

from cyberdesk.core.room import Room
from cyberdesk.core.text import _
from cyberdesk.desk.intel.journalled import ACTS, SUBJECTS
from cyberdesk.desk.intel.policy import OPENS, POLICY


def _doors() -> Iterable[Any]:
    from cyberdesk.desk.intel import cards
    from cyberdesk.desk.intel.api import door as machines
    from cyberdesk.desk.intel.views import door

    cards.register()
    return (door, machines)


def _wire() -> None:
    from cyberdesk.desk.cases import story
    from cyberdesk.desk.intel import sources, talk
    from cyberdesk.desk.intel.stories import STORIES

    story.register(STORIES)
    sources.register("messages", talk.messages)
    sources.register("tasks", talk.answers)


ROOM = Room(
    name="intel",
    title=_("Observables"),
    policy=POLICY,
    opens=OPENS,
    doors=_doors,
    wire=_wire,
    journalled=ACTS | SUBJECTS,
)

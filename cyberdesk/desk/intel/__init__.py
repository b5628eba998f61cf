"""Observables of a case as STIX objects, and the case as a bundle for others."""

from cyberdesk.core.room import Room
from cyberdesk.core.text import _
from cyberdesk.desk.intel.policy import POLICY


def _wire() -> None:
    from cyberdesk.desk.cases import story
    from cyberdesk.desk.intel.stories import STORIES

    story.register(STORIES)


ROOM = Room(name="intel", title=_("Observables"), policy=POLICY, wire=_wire)

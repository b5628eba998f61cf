"""Connectors: the hands of playbooks in other systems."""

from cyberdesk.core.room import Room
from cyberdesk.core.text import _
from cyberdesk.desk.connectors.policy import POLICY

ROOM = Room(name="connectors", title=_("Connectors"), policy=POLICY)

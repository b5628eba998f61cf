"""The door of the room's API."""

from cyberdesk.core.web.api import ApiDoor

door = ApiDoor("playbooks", __name__, tag="Playbooks")

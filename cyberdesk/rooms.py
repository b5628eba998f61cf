"""Which rooms the house has, from the ground up, and opening them without any web framework."""

import importlib
from functools import cache
from pathlib import Path

from cyberdesk.core.access import permissions
from cyberdesk.core.access.people import roles
from cyberdesk.core.audit import wording
from cyberdesk.core.jobs import delivery
from cyberdesk.core.room import Room
from cyberdesk.strand import Strand, discover

# A room may use those above it in this list. Strands come last and know none of each other.
_SHARED: tuple[str, ...] = (
    "core.access.room",
    "core.audit.room",
    "core.crypto.room",
    "core.files.room",
    "core.jobs.room",
    "desk.connectors",
    "desk.cases",
    "desk.evidence",
    "desk.tasks",
    "desk.clocks",
    "desk.playbooks",
    "desk.notices",
    "desk.intel",
    "desk.dossier",
    "desk.declarations",
    "desk.arrivals",
)


@cache
def rooms() -> tuple[Room, ...]:
    """Return every room, shared ones first, then the strands."""
    load_models()
    shared = tuple(importlib.import_module(f"cyberdesk.{name}").ROOM for name in _SHARED)
    return shared + tuple(discover())


@cache
def load_models() -> None:
    """Import every `models.py` or `models/`, so that the metadata knows every table."""
    house = Path(__file__).parent
    files = (*house.glob("**/models.py"), *house.glob("**/models/__init__.py"))
    for path in sorted(files):
        named = path.parent if path.name == "__init__.py" else path.with_suffix("")
        importlib.import_module(".".join(("cyberdesk", *named.relative_to(house).parts)))


@cache
def open_rooms() -> tuple[Room, ...]:
    """Declare every room's permissions and wire its events, once in a process."""
    for room in rooms():
        permissions.declare(room.policy)
        permissions.say(room.title, room.opens)
        wording.declare(room.journalled)
        if isinstance(room, Strand):
            roles.open_desk(room.name, room.title)
    for room in rooms():
        if room.wire:
            room.wire()
        for topic, handler in room.deliveries.items():
            delivery.handle(topic, handler)
    return rooms()

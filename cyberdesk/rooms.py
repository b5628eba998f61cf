"""Which rooms the house has, from the ground up, and opening them without any web framework."""

import importlib
from functools import cache

from cyberdesk.core.access import permissions
from cyberdesk.core.jobs import delivery
from cyberdesk.core.room import Room
from cyberdesk.strand import discover

# A room may use those above it in this list. Strands come last and know none of each other.
_SHARED: tuple[str, ...] = ()


@cache
def rooms() -> tuple[Room, ...]:
    """Return every room, shared ones first, then the strands."""
    shared = tuple(importlib.import_module(f"cyberdesk.{name}").ROOM for name in _SHARED)
    return shared + tuple(discover())


@cache
def open_rooms() -> tuple[Room, ...]:
    """Declare every room's permissions and wire its events, once in a process."""
    for room in rooms():
        permissions.declare(room.policy)
    for room in rooms():
        if room.wire:
            room.wire()
        for topic, handler in room.deliveries.items():
            delivery.handle(topic, handler)
    return rooms()

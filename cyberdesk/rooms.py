"""Which rooms the house has, from the ground up, and opening them without any web framework."""

import importlib
from functools import cache
from pathlib import Path

from cyberdesk.core.access import permissions
from cyberdesk.core.jobs import delivery
from cyberdesk.core.room import Room
from cyberdesk.strand import discover

# A room may use those above it in this list. Strands come last and know none of each other.
_SHARED: tuple[str, ...] = ("desk.cases",)


@cache
def rooms() -> tuple[Room, ...]:
    """Return every room, shared ones first, then the strands."""
    load_models()
    shared = tuple(importlib.import_module(f"cyberdesk.{name}").ROOM for name in _SHARED)
    return shared + tuple(discover())


@cache
def load_models() -> None:
    """Import every `models.py`, so that the metadata knows every table."""
    house = Path(__file__).parent
    for path in sorted(house.glob("**/models.py")):
        importlib.import_module(
            ".".join(("cyberdesk", *path.relative_to(house).with_suffix("").parts))
        )


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

"""What is still under way in a case, said to whoever is about to close it.

A room registers its own in its `wire`: this one knows neither tasks nor deadlines.
"""

from collections.abc import Callable

from cyberdesk.core.access import Actor
from cyberdesk.core.text import Text
from cyberdesk.desk.cases.models import Case

Pending = Callable[[Actor, Case], Text | None]
_rooms: dict[str, Pending] = {}


def register(room: str, say: Pending) -> None:
    """Let `say(actor, case)` tell what closing ends or leaves running, None for nothing."""
    _rooms[room] = say


def pending(actor: Actor, case: Case) -> list[Text]:
    return [said for say in _rooms.values() if (said := say(actor, case))]

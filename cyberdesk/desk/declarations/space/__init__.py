"""The commune's space: the plain state of its case, what to do, whom to talk to."""

from cyberdesk.desk.declarations.space import (  # noqa: F401  # they hang their routes on the door
    files,
    home,
    live,
    mayor,
    papers,
    people,
    suspect,
    thread,
    todo,
)
from cyberdesk.desk.declarations.space.door import door

__all__ = ["door"]

"""The commune's space: the plain state of its case, what to do, whom to talk to."""

from cyberdesk.desk.declarations.space import home  # noqa: F401  # hangs its routes on the door
from cyberdesk.desk.declarations.space.door import door

__all__ = ["door"]

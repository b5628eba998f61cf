"""Cases, for programs: a queue to follow, a case to read, and the acts on it."""

from cyberdesk.desk.cases.api import (  # noqa: F401  # they hang their routes on the door
    acts,
    listing,
    reading,
    talking,
    words,
)
from cyberdesk.desk.cases.api.door import door

__all__ = ["door"]

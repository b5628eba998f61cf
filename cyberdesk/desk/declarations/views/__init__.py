"""The pages of a declaration."""

from cyberdesk.desk.declarations.views import (  # noqa: F401  # they hang their routes on the door
    attaching,
    landing,
    papers,
    returning,
    screens,
    sending,
)
from cyberdesk.desk.declarations.views.door import door

__all__ = ["door"]

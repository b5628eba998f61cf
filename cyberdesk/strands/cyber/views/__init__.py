"""The desk's pages of the strand: the kind of attack is settled, facts are read and corrected."""

from cyberdesk.strands.cyber.views import facts, settling
from cyberdesk.strands.cyber.views.door import door

__all__ = ["door", "facts", "settling"]

"""What a responder settles about a case: the kind of attack, and what its answers told."""

from cyberdesk.strands.cyber.service.correcting import correct
from cyberdesk.strands.cyber.service.settling import follow, settle

__all__ = ["correct", "follow", "settle"]

"""People, organisations, roles, and who may do what."""

from cyberdesk.core.access.actor import ANONYMOUS, Actor, ActorKind, Grant, Place, system
from cyberdesk.core.access.guard import allowed, require
from cyberdesk.core.access.permissions import PUBLIC, SIGNED_IN, STAFF, VICTIM, Role

__all__ = [
    "ANONYMOUS",
    "PUBLIC",
    "SIGNED_IN",
    "STAFF",
    "VICTIM",
    "Actor",
    "ActorKind",
    "Grant",
    "Place",
    "Role",
    "allowed",
    "require",
    "system",
]

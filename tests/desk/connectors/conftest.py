import pytest

from cyberdesk.core.access import Actor, ActorKind, Grant, Role
from cyberdesk.rooms import open_rooms


@pytest.fixture
def admin(database) -> Actor:
    """Whoever sets connectors up."""
    open_rooms()
    grants = (Grant(Role.ADMIN, strand="*"),)
    return Actor(ActorKind.PERSON, name="Amira Boss", grants=grants, strong=True)

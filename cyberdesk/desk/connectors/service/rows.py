"""The rows of connectors, found by name."""

from sqlalchemy import select

from cyberdesk.core.db import every_kept, session
from cyberdesk.desk.connectors.models import ConnectorSetup


def setup_of(name: str) -> ConnectorSetup | None:
    """Return how the connector is set up, from memory where this transaction keeps it."""
    kept = next((one for one in every_kept(ConnectorSetup) if one.name == name), None)
    if kept is not None:
        return kept
    return session().scalars(select(ConnectorSetup).where(ConnectorSetup.name == name)).first()

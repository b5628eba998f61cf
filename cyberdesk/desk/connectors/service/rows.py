"""The rows of connectors, found by name."""

from sqlalchemy import select

from cyberdesk.core.db import session
from cyberdesk.desk.connectors.models import ConnectorSetup


def setup_of(name: str) -> ConnectorSetup | None:
    return session().scalars(select(ConnectorSetup).where(ConnectorSetup.name == name)).first()

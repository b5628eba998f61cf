"""How the connectors of this installation are set up."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from cyberdesk.core.crypto.sealed import SealedJson
from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import system_only


class ConnectorSetup(Row):
    """The settings of one connector; secret fields are sealed and never shown again."""

    __tablename__ = "connector_setups"
    __policy__ = system_only()

    name: Mapped[str] = mapped_column(unique=True)
    key_id: Mapped[UUID]
    enabled: Mapped[bool] = mapped_column(default=False)
    from_environment: Mapped[bool] = mapped_column(default=False)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    secrets_sealed: Mapped[bytes | None]
    secrets_set: Mapped[dict[str, Any]] = mapped_column(default=dict)  # field: {at, by}
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(default="")  # "" is the environment
    tested_at: Mapped[datetime | None]
    tested_ok: Mapped[bool | None]
    tested_said: Mapped[str | None]
    tested_reason: Mapped[str | None]
    tested_ms: Mapped[int | None]
    used_at: Mapped[datetime | None]  # successes in a row are noted once a minute
    used_ok: Mapped[bool | None]
    used_said: Mapped[str | None]
    used_reason: Mapped[str | None]
    # Of a source: when it is looked at next, until when somebody looks, where they go on.
    # The position is also that of what is fed from the house (`service/following.py`).
    look_due: Mapped[datetime | None]
    look_until: Mapped[datetime | None]
    look_failures: Mapped[int] = mapped_column(default=0)
    look_position: Mapped[dict[str, Any]] = mapped_column(default=dict)
    look_kept: Mapped[list[str]] = mapped_column(default=list)  # numbers to be told at the next
    looked_at: Mapped[datetime | None]
    looked_found: Mapped[dict[str, Any]] = mapped_column(default=dict)  # outcome: how many

    secrets = SealedJson()

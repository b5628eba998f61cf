"""The outbox: what must happen after a commit, kept where the commit is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import added_by_all


class Message(Row):
    """One delivery to make. It carries ids, never content, and so is open to every transaction."""

    __tablename__ = "outbox"
    __policy__ = added_by_all()
    __table_args__ = (
        Index(None, "due_at", postgresql_where=text("delivered_at IS NULL AND failed_at IS NULL")),
    )

    topic: Mapped[str]
    payload: Mapped[dict[str, Any]]
    dedup: Mapped[str | None] = mapped_column(unique=True)
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    token: Mapped[UUID | None]  # fencing: only the latest claimer may complete
    delivered_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]  # given up; a person looks at it
    last_error: Mapped[str | None]

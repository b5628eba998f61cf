"""The outbox: what must happen after a commit, kept where the commit is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cyberdesk.core.db import Base, Row
from cyberdesk.core.db.rls import added_by_all, read_by_all


class Message(Row):
    """One delivery to make. It carries ids, never content, and so is open to every transaction."""

    __tablename__ = "outbox"
    __policy__ = added_by_all()
    __table_args__ = (
        Index(None, "due_at", postgresql_where=text("delivered_at IS NULL AND failed_at IS NULL")),
        Index(
            "ix_outbox_failed",
            "failed_at",
            postgresql_where=text("failed_at IS NOT NULL AND settled_at IS NULL"),
        ),
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
    settled_at: Mapped[datetime | None]  # a person has looked, and nothing more is tried
    last_error: Mapped[str | None]


class SweeperBeat(Base):
    """A sign of life of the sweeper that leads, and what each of its sweeps did last.

    `sweeps` is {name: {at, ms, done, failed}}: times and counts, nothing of any case.
    """

    __tablename__ = "sweeper_beats"
    __policy__ = read_by_all()

    holder: Mapped[str] = mapped_column(primary_key=True)  # host:pid
    since: Mapped[datetime]
    at: Mapped[datetime]
    sweeps: Mapped[dict[str, Any]] = mapped_column(default=dict)

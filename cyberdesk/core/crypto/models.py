"""Data keys: one for each case or declaration, kept wrapped."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import added_by_all


class DataKey(Row):
    """A key wrapped by a key of the keyring (KEK). Destroyed: `wrapped` is gone, the row stays.

    The wrapped bytes tell nothing without the keyring, which the database never holds; the rows
    they open stand under row security of their own.
    """

    __tablename__ = "data_keys"
    __policy__ = added_by_all()
    __grants__ = "SELECT, INSERT, UPDATE"

    kind: Mapped[str]  # what it protects: "case", "declaration", "strand"
    holder_id: Mapped[UUID | None]
    kek_id: Mapped[str] = mapped_column(index=True)
    wrapped: Mapped[bytes | None]
    created_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]

"""The journal's rows. They are only ever added."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import of_case


class AuditEntry(Row):
    """One act, written in the transaction of the change it tells of.

    `header` is the canonical JSON (RFC 8785) that becomes the Merkle leaf; it holds the SHA-256 of
    `salt || payload`, so that the payload can be erased and its leaf still be proved.
    """

    __tablename__ = "audit_entries"
    __policy__ = of_case(orphans=True)
    __grants__ = "SELECT, INSERT"
    __table_args__ = (Index(None, "case_id", "at"),)

    at: Mapped[datetime] = mapped_column(index=True)
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    key_id: Mapped[UUID | None]  # the key that seals the payload; None: it is open
    salt: Mapped[bytes]
    payload: Mapped[bytes]  # canonical JSON, sealed when key_id is set
    header: Mapped[bytes]

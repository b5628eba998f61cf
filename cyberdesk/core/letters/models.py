"""Letters, waiting or sent. Whom they address and what they say is sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cyberdesk.core.crypto.sealed import SealedJson, SealedText
from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import of_case


class Letter(Row):
    """One letter to one person. Its text is made from `kind` and `facts` when it leaves.

    A letter about a case is sealed with the key of the case. Any other has a key of its own,
    destroyed once it has left, so that no invitation link stays behind.
    """

    __tablename__ = "letters"
    __policy__ = of_case(orphans=True)
    __table_args__ = (Index(None, "case_id", "created_at"),)

    key_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    kind: Mapped[str]
    language: Mapped[str]
    exercise: Mapped[bool] = mapped_column(default=False)
    to_sealed: Mapped[bytes | None]
    facts_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    said: Mapped[str | None]  # what the mail server or our own check answered

    to = SealedText()
    facts = SealedJson()

"""What came in, so that each thing counts once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import system_only


class Arrival(Row):
    """One mail and what became of it. It holds no name and no word: only keyed hashes."""

    __tablename__ = "arrivals"
    __policy__ = system_only()
    __table_args__ = (Index(None, "at"),)

    source: Mapped[str]
    digest: Mapped[bytes] = mapped_column(unique=True)  # of its Message-ID
    sender: Mapped[bytes]  # of the address that it says it is from
    outcome: Mapped[str]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime]

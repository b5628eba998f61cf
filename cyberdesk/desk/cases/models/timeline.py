"""What happened in a case, and who has read it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cyberdesk.core.crypto.sealed import SealedText
from cyberdesk.core.db import Base, Row
from cyberdesk.core.db.rls import Policy, of_case
from cyberdesk.desk.cases.models.case import Case, OfCase

_ON_A_DESK = (
    "(SELECT current_setting('cyberdesk.system', true)) = 'on' "
    "OR (SELECT current_setting('cyberdesk.desks', true)) <> ''"
)

# Under the check of every service, the database too keeps the desk's own lines from a victim:
# whoever works on no desk does not see them. Anyone who sees the case may write them, since a
# declarant's act makes the house note things for the desk.
DESK_ONLY = Policy(
    f"({of_case().using}) AND (NOT desk_only OR {_ON_A_DESK})", check=of_case().using
)


def desk_alone(column: str = "case_id") -> Policy:
    """Rows of a case that only those who work on a desk see and write."""
    return Policy(f"({of_case(column).using}) AND ({_ON_A_DESK})")


class CaseEvent(OfCase, Row):
    """A line of the timeline: something that happened, and when, told to people.

    `kind` is an event name (`case:taken`) for which `story.py` has a sentence; `facts` are codes
    and ids to tell it with; what a person wrote is sealed in `words`.
    """

    __tablename__ = "case_events"
    __policy__ = DESK_ONLY
    __table_args__ = (Index(None, "case_id", "at"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    key_id: Mapped[UUID]
    at: Mapped[datetime]  # when it happened: an attack's chronology reaches back
    told_at: Mapped[datetime]  # when it was written
    version: Mapped[int]  # the case's, once this is told
    kind: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    words_sealed: Mapped[bytes | None]
    desk_only: Mapped[bool] = mapped_column(default=False)

    case: Mapped[Case] = relationship()
    words = SealedText()


class CaseReading(Base):
    """Somebody read a case within this hour; its first row of the hour is journalled."""

    __tablename__ = "case_readings"
    __policy__ = of_case()
    __grants__ = "SELECT, INSERT, DELETE"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    reader: Mapped[str] = mapped_column(primary_key=True)  # kind:id
    hour: Mapped[datetime] = mapped_column(primary_key=True)

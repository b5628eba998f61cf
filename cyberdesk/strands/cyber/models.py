"""What triage found about a case, for the desk alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cyberdesk.core.crypto.sealed import SealedText
from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import Policy, of_case
from cyberdesk.desk.cases.models import Case, OfCase

# The database too keeps it from a victim: doubts and look-alikes are the desk's own.
_DESK = Policy(
    f"({of_case().using}) AND "
    "((SELECT current_setting('cyberdesk.system', true)) = 'on' "
    "OR (SELECT current_setting('cyberdesk.desks', true)) <> '')"
)


class Triage(OfCase, Row):
    """The machine's proposals for one case, with reasons, and what a responder made of them.

    It bears the id of its case. Texts are `{fr, en}`. `lookalikes` are other cases of the same
    organisation, never of another.
    """

    __tablename__ = "cyber_triages"
    __policy__ = _DESK

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), unique=True)
    types: Mapped[list[Any]]  # {type, rsit, confidence, reasons}, the likeliest first
    factors: Mapped[list[Any]]  # {name, title, value, label, in_doubt}
    floors: Mapped[list[Any]]  # why the score cannot be lower
    lookalikes: Mapped[list[Any]]  # {case, reference, reasons}
    doubts: Mapped[list[str]]  # why to look twice: flood, bot, too-fast, …
    made_at: Mapped[datetime]
    settled_type: Mapped[str | None]  # what a responder confirmed or chose instead
    settled_rsit: Mapped[str | None]
    settled_by: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    # What stands against the answers, by fact: yes, no, unknown or a choice. Its history is below.
    corrected: Mapped[dict[str, Any]] = mapped_column(default=dict)

    case: Mapped[Case] = relationship()


class FactCorrection(OfCase, Row):
    """A responder said that a fact is another than it was told, or took that back. Kept for ever.

    `before` and `said` are yes, no, unknown or one of the fact's choices; `said` is also `told`:
    what the answers tell counts again.
    """

    __tablename__ = "cyber_fact_corrections"
    __policy__ = _DESK
    __table_args__ = (Index(None, "case_id", "at"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    key_id: Mapped[UUID]
    fact: Mapped[str]
    before: Mapped[str]
    said: Mapped[str]
    at: Mapped[datetime]
    author_name: Mapped[str]
    reason_sealed: Mapped[bytes | None]

    case: Mapped[Case] = relationship()
    reason = SealedText()

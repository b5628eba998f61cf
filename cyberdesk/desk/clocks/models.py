"""Legal clocks of a case, and the awareness from which they run."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cyberdesk.core.crypto.sealed import SealedText
from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import of_case
from cyberdesk.desk.cases.models import Case, OfCase

RUNNING, DONE, EXCLUDED = "running", "done", "excluded"
DECLARED = "declaration"  # nobody could say since when: the declaration itself counts


class Awareness(OfCase, Row):
    """A "prise de connaissance": when the victim knew, said by whom, and when they said so.

    Distinct from the attack and from its detection. Never changed: a correction is another row,
    and the earliest instant is the one that the law's clocks run from (the safe reading).
    """

    __tablename__ = "awareness"
    __policy__ = of_case()
    __grants__ = "SELECT, INSERT"
    __table_args__ = (Index(None, "case_id", "at"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    key_id: Mapped[UUID]
    at: Mapped[datetime]
    precision: Mapped[str]  # minute, hour, day, declaration: how well it is known
    recorded_at: Mapped[datetime]
    author_kind: Mapped[str]
    author_id: Mapped[UUID | None]
    author_name: Mapped[str]
    words_sealed: Mapped[bytes | None]

    case: Mapped[Case] = relationship()
    words = SealedText()


class Clock(OfCase, Row):
    """One obligation with its time. Done with proof, set aside with a reason, never deleted.

    `about` is what the law says, as it stood when the clock was started: recipient, channel,
    content, legal base, source, certainty, verified_on, and why it applies here.
    """

    __tablename__ = "clocks"
    __policy__ = of_case()
    __table_args__ = (
        UniqueConstraint("case_id", "name"),
        Index(None, "next_reminder_at", postgresql_where=text("state = 'running'")),
        Index(
            None,
            "due_at",
            postgresql_where=text("state = 'running' AND breached_at IS NULL"),
        ),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    key_id: Mapped[UUID]
    name: Mapped[str]  # the obligation's id: GDPR33
    title: Mapped[dict[str, Any]]
    about: Mapped[dict[str, Any]] = mapped_column(default=dict)
    force: Mapped[str]  # must, should
    state: Mapped[str] = mapped_column(default=RUNNING)
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # None: "sans délai"
    reminders: Mapped[list[str]] = mapped_column(default=list)  # instants still to come, ISO 8601
    next_reminder_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]
    proof_sealed: Mapped[bytes | None]  # what shows it: receipt number, by whom, to whom
    reason_sealed: Mapped[bytes | None]  # why it was set aside

    case: Mapped[Case] = relationship()
    proof = SealedText()
    reason = SealedText()

    @property
    def sure(self) -> bool:
        """Say whether the duty is known to apply: only then may it be called overdue."""
        return self.about.get("verdict") in {None, "applies"}

    @property
    def late(self) -> bool:
        """Say whether its time passed before it was done; that is shown for ever."""
        return self.breached_at is not None

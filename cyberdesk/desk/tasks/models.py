"""What people are asked to do in a case, by a playbook or by hand."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cyberdesk.core.crypto.sealed import SealedJson, SealedText
from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import of_case
from cyberdesk.desk.cases.models import Case, OfCase

OPEN, ANSWERED, WITHDRAWN = "open", "answered", "withdrawn"


class Task(OfCase, Row):
    """A question put to somebody: do this, confirm that, decide, verify.

    `content` is what they read, {fr, en} throughout, filled in when it was opened: {title, why,
    how, avoid, evidence, phone, no_it, questions, facts}. It may quote what victims told, and so is
    sealed. `run_id`, `path` and `ticket` say which step of which run waits for the answer.
    """

    __tablename__ = "tasks"
    __policy__ = of_case()
    __table_args__ = (
        UniqueConstraint("run_id", "path", "ticket"),
        Index(None, "case_id", "opened_at"),
        Index(None, "due_at", postgresql_where=text("state = 'open' AND late_at IS NULL")),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    key_id: Mapped[UUID]
    run_id: Mapped[UUID | None]
    path: Mapped[str | None]
    ticket: Mapped[int | None]
    name: Mapped[str]  # the step's own name, or that of a task opened by hand: call-back
    kind: Mapped[str]  # task, confirm, approve, verify, decide, review
    who: Mapped[str]  # commune, provider, responder, lead, mayor, dpo
    phase: Mapped[str | None]  # qualify, contain, eradicate, recover, notify, learn
    state: Mapped[str] = mapped_column(default=OPEN)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    late_at: Mapped[datetime | None]
    content_sealed: Mapped[bytes | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]  # a name
    answered_side: Mapped[str | None]  # desk, commune, provider: the desk may answer for another
    values_sealed: Mapped[bytes | None]
    note_sealed: Mapped[bytes | None]

    case: Mapped[Case] = relationship()
    content = SealedJson()
    values = SealedJson()
    note = SealedText()

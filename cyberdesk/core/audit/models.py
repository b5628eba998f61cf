"""The journal's rows. Entries, leaves and checkpoints are only ever added."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cyberdesk.core.audit.guard import SALT_BYTES
from cyberdesk.core.db import Base, Row
from cyberdesk.core.db.rls import Policy, of_case, system_only


class AuditEntry(Row):
    """One act, written in the transaction of the change it tells of."""

    __tablename__ = "audit_entries"
    __policy__ = of_case(orphans=True)
    __grants__ = "SELECT, INSERT"
    __table_args__ = (
        Index(None, "case_id", "at"),
        CheckConstraint(f"octet_length(salt) = {SALT_BYTES}", name="salt_length"),
        CheckConstraint(
            r"""action || actor_kind || subject_type !~ '["\\[:cntrl:]]'""", name="plain_names"
        ),
    )

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
    payload: Mapped[bytes]  # canonical JSON; with key_id: salt ‖ canonical JSON, sealed
    plain_hash: Mapped[bytes | None]  # SHA-256 of what is sealed, so that it can be shown to hold


class AuditPending(Base):
    """An entry without its place in the tree yet; a trigger writes it with the entry."""

    __tablename__ = "audit_pending"
    __policy__ = Policy(system_only().using, "true")
    __grants__ = "SELECT, DELETE"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("audit_entries.id"), primary_key=True)


class AuditLeaf(Base):
    """The place of an entry in the tree, counted from 0, and what is hashed there (`leaf.py`)."""

    __tablename__ = "audit_leaves"
    __policy__ = system_only()
    __grants__ = "SELECT, INSERT"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("audit_entries.id"), unique=True)
    header: Mapped[bytes]
    leaf_hash: Mapped[bytes]


class AuditTree(Base):
    """The one row that lets the tree grow without reading it (`merkle.Frontier`)."""

    __tablename__ = "audit_tree"
    __policy__ = system_only()
    __grants__ = "SELECT, INSERT, UPDATE"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    frontier: Mapped[bytes]


class AuditCheckpoint(Row):
    """A signed tree head: `note` is what witnesses keep (C2SP tlog-checkpoint)."""

    __tablename__ = "audit_checkpoints"
    __policy__ = system_only()
    __grants__ = "SELECT, INSERT"

    at: Mapped[datetime]
    size: Mapped[int] = mapped_column(BigInteger, unique=True)
    note: Mapped[str]
    frontier: Mapped[bytes]


class AuditVerdict(Row):
    """What came of verifying the whole journal; a `fault` says it is not what was signed."""

    __tablename__ = "audit_verdicts"
    __policy__ = system_only()
    __grants__ = "SELECT, INSERT"

    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    signed: Mapped[int] = mapped_column(BigInteger)
    fault: Mapped[str]  # empty: intact


class RefusedAct(Base):
    """How often somebody was refused at one door within an hour; the first time is an entry."""

    __tablename__ = "refused_acts"
    __policy__ = system_only()

    who: Mapped[str] = mapped_column(primary_key=True)  # kind:id
    endpoint: Mapped[str] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    times: Mapped[int]

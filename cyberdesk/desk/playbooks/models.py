"""Where runs live. PostgreSQL is the truth; queues only hint."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cyberdesk.core.crypto.sealed import SealedJson, SealedText
from cyberdesk.core.db import Base, Row
from cyberdesk.core.db.rls import of_case, read_by_all, system_only
from cyberdesk.desk.cases.models import Case, OfCase

# Of a run
RUNNING, PAUSED, CANCELLING = "running", "paused", "cancelling"
COMPLETED, FAILED, CANCELLED = "completed", "failed", "cancelled"
# Of an effect
DUE, LEASED, DONE, VOID = "due", "leased", "done", "void"


class PlaybookVersion(Row):
    """One version of a playbook, named by its content hash and never changed.

    `cacao` is what runs; `source` is the YAML that it came from, when it did.
    """

    __tablename__ = "playbook_versions"
    __policy__ = read_by_all()
    __grants__ = "SELECT, INSERT, UPDATE"
    __table_args__ = (Index(None, "name", "modified", "published_at"),)

    hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    title: Mapped[dict[str, Any]]
    modified: Mapped[str]  # CACAO's: with the id, the version that others know
    matching: Mapped[dict[str, Any]] = mapped_column(default=dict)
    priority: Mapped[int] = mapped_column(default=100)
    cacao: Mapped[dict[str, Any]] = mapped_column(JSON)  # as text: its author's order stays
    source: Mapped[str | None]
    origin: Mapped[str]  # shipped, edited, imported
    notation: Mapped[str] = mapped_column(default="cyberdesk")  # or cacao: how it was written
    cacao_id: Mapped[str] = mapped_column(index=True)  # by which other playbooks call it
    bound: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what publishing bound it to
    signatures: Mapped[list[Any]] = mapped_column(default=list)  # not part of the hash
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    retired_at: Mapped[datetime | None]


class PlaybookDraft(Row):
    """A playbook being written, or one from elsewhere being mended. It runs on no case.

    `number` counts its changes, so that two people do not overwrite each other.
    """

    __tablename__ = "playbook_drafts"
    __policy__ = system_only()
    __grants__ = "SELECT, INSERT, UPDATE"
    __table_args__ = (Index(None, "name"),)

    name: Mapped[str]  # as far as its text says: our name, or CACAO's id
    title: Mapped[dict[str, Any]]
    source: Mapped[str]
    notation: Mapped[str]
    origin: Mapped[str]  # edited, imported
    number: Mapped[int] = mapped_column(default=1)
    based_on: Mapped[str | None]  # hash of the version that it was begun from
    faults: Mapped[int] = mapped_column(default=0)  # errors when it was last kept
    begun_at: Mapped[datetime]
    begun_by: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    ended_at: Mapped[datetime | None]  # published, or thrown away
    published_as: Mapped[str | None]  # hash

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class PlaybookSecret(Row):
    """A secret that playbooks name by reference. It goes to `hosts` and nowhere else."""

    __tablename__ = "playbook_secrets"
    __policy__ = system_only()

    name: Mapped[str] = mapped_column(unique=True)
    key_id: Mapped[UUID]
    fields_sealed: Mapped[bytes | None]
    hosts: Mapped[list[str]] = mapped_column(default=list)
    set_at: Mapped[datetime]
    set_by: Mapped[str]

    fields = SealedJson()


class PlaybookPublisher(Row):
    """A key that signs playbooks: ours, with its private half sealed, or one that is trusted.

    One of ours is the present one; those before it stay, so that what they signed is still known.
    """

    __tablename__ = "playbook_publishers"
    __policy__ = system_only()
    __table_args__ = (
        Index(
            "uq_playbook_publishers_present",
            "ours",
            unique=True,
            postgresql_where=text("ours AND ended_at IS NULL"),
        ),
    )

    name: Mapped[str]
    key_id: Mapped[UUID]
    public_key: Mapped[str]  # PEM
    ours: Mapped[bool] = mapped_column(default=False)
    private_sealed: Mapped[bytes | None]
    added_at: Mapped[datetime]
    added_by: Mapped[str]
    ended_at: Mapped[datetime | None]  # renewed, or trusted no more

    private = SealedText()


class Run(OfCase, Row):
    """A playbook at work on a case, pinned to one version.

    `state` is the engine's, sealed: it holds what people answered. The plain columns say what the
    sweeper, the watchdog and lists need: `due_at` when the run must be looked at by itself,
    `waits` the kinds of what it waits for. `number` counts its changes: whoever goes on from what
    they remember of it writes only if it has not changed since.
    """

    __tablename__ = "playbook_runs"
    __policy__ = of_case()
    __table_args__ = (
        Index(None, "case_id"),
        Index(None, "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_playbook_runs_open", "id", postgresql_where=text("ended_at IS NULL")),
        Index(
            "ix_playbook_runs_unsure",
            "id",
            postgresql_where=text("waits @> '[\"verify\"]' AND ended_at IS NULL"),
        ),
        Index(
            "ix_playbook_runs_dead",
            "id",
            postgresql_where=text("dead > 0 AND settled_at IS NULL"),
        ),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    key_id: Mapped[UUID]
    hash: Mapped[str] = mapped_column(ForeignKey("playbook_versions.hash"))
    name: Mapped[str]
    title: Mapped[dict[str, Any]]
    semantics: Mapped[int]
    status: Mapped[str]
    outcome: Mapped[str | None]
    state_sealed: Mapped[bytes | None]
    number: Mapped[int] = mapped_column(default=0)
    waits: Mapped[list[str]] = mapped_column(default=list)
    due_at: Mapped[datetime | None]
    dead: Mapped[int] = mapped_column(default=0)  # failed steps that nothing takes further
    settled_at: Mapped[datetime | None]  # a person has seen them and tries nothing more
    started_at: Mapped[datetime]
    started_by: Mapped[str]
    why: Mapped[dict[str, Any]] = mapped_column(default=dict)  # why this playbook, {fr, en}
    exercise: Mapped[bool] = mapped_column(default=False)  # as its case: nothing of it may leave
    moved_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    case: Mapped[Case] = relationship()
    state = SealedJson()

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class StepInstance(Base):
    """One coming of a run to a step: `entry` counts them. What it said stays in the run's state."""

    __tablename__ = "playbook_steps"
    __policy__ = of_case()
    __table_args__ = (Index(None, "run_id", "path"),)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("playbook_runs.id"), primary_key=True)
    entry: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case_id: Mapped[UUID]
    step_id: Mapped[str]
    key: Mapped[str]
    path: Mapped[str]
    came_from: Mapped[str | None]  # id of the step that led here
    status: Mapped[str]
    answer: Mapped[str | None]
    failure: Mapped[str | None]  # its code
    begun_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    run: Mapped[Run] = relationship()


class Effect(Row):
    """The ledger of effects: one row for each attempt of an action outside the house.

    `key` is the same for every attempt at one effect; only one may be done. A worker holds a row
    by `token` until `leased_until`; without the token nothing is completed.
    """

    __tablename__ = "playbook_effects"
    __policy__ = system_only()
    __table_args__ = (
        UniqueConstraint("run_id", "ticket"),
        Index(
            "uq_playbook_effects_once",
            "key",
            unique=True,
            postgresql_where=text("status IN ('leased', 'done')"),
        ),
        Index(None, "run_id", "due_at", postgresql_where=text("status = 'due'")),
        Index(
            "ix_playbook_effects_open",
            "due_at",
            postgresql_where=text("status IN ('due', 'leased')"),
        ),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey("playbook_runs.id"))
    case_id: Mapped[UUID]
    key_id: Mapped[UUID]
    path: Mapped[str]
    ticket: Mapped[int]
    attempt: Mapped[int]
    action: Mapped[str]
    key: Mapped[str]
    check: Mapped[bool] = mapped_column(default=False)
    timeout: Mapped[int]  # milliseconds of one attempt
    status: Mapped[str] = mapped_column(default=DUE)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    token: Mapped[UUID | None]
    worker: Mapped[str | None]
    input_sealed: Mapped[bytes | None]
    output_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    run: Mapped[Run] = relationship()
    input = SealedJson()
    output = SealedJson()


class Signal(Base):
    """The inbox: signals that a run was told of, each once."""

    __tablename__ = "playbook_inbox"
    __policy__ = system_only()
    __grants__ = "SELECT, INSERT, DELETE"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("playbook_runs.id"), primary_key=True)
    dedup: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    came_at: Mapped[datetime]

"""STIX objects that belong to a case."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cyberdesk.core.crypto.sealed import SealedJson, SealedText
from cyberdesk.core.db import Row
from cyberdesk.desk.cases.models import Case, OfCase
from cyberdesk.desk.cases.models.timeline import desk_alone
from cyberdesk.desk.intel.marking import Tlp
from cyberdesk.desk.intel.reading import Sort, Value

OBSERVABLE, INDICATOR = "observable", "indicator"


class StixObject(OfCase, Row):
    """An observable of a case, or the indicator that was made from one. Retracted, never deleted.

    Nothing of the value is in plain columns, its STIX id neither: the id of an observable is an
    unkeyed hash of its value, which a list of all IPv4 addresses would open. `content` is
    `{value, objects}`; the first object is the one that the row is about.

    `mark` is the value under the case's own key, so that the case holds it once. `lookup` is the
    value under the pepper: the same value has the same lookup in every case, for those who hold
    the keyring, and is compared only among the cases that somebody sees.
    """

    __tablename__ = "stix_objects"
    __policy__ = desk_alone()
    __grants__ = "SELECT, INSERT, UPDATE"
    __table_args__ = (
        UniqueConstraint("case_id", "mark"),
        Index(None, "case_id", "added_at"),
        Index(None, "lookup"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    key_id: Mapped[UUID]
    kind: Mapped[str]  # observable, indicator
    sort: Mapped[str]  # reading.Sort: what kind of value
    type: Mapped[str]  # its STIX type
    marking: Mapped[str]  # marking.Tlp
    mark: Mapped[bytes]
    lookup: Mapped[bytes]
    based_on_id: Mapped[UUID | None] = mapped_column(ForeignKey("stix_objects.id"))
    source: Mapped[str]  # vocabulary.SOURCES
    source_id: Mapped[UUID | None]  # the task, message or file
    seen_at: Mapped[datetime | None]  # when it was first seen at the victim's, if that is known
    seen_until: Mapped[datetime | None]  # and when last
    added_at: Mapped[datetime]
    added_by_kind: Mapped[str]
    added_by_id: Mapped[UUID | None]
    added_by_name: Mapped[str]
    changed_at: Mapped[datetime]
    retracted_at: Mapped[datetime | None]
    retracted_by: Mapped[str | None]
    content_sealed: Mapped[bytes | None]
    note_sealed: Mapped[bytes | None]
    reason_sealed: Mapped[bytes | None]  # why it was retracted

    case: Mapped[Case] = relationship()
    content = SealedJson()
    note = SealedText()
    reason = SealedText()

    @property
    def value(self) -> Value:
        """What it is about; empty once the key of its case was destroyed."""
        return Value(Sort(self.sort), self.content.get("value", ""))

    @property
    def tlp(self) -> Tlp:
        return Tlp(self.marking)

    @property
    def is_indicator(self) -> bool:
        return self.kind == INDICATOR

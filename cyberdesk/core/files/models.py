"""Files of evidence: what is known of them. Their content lies sealed in the store."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cyberdesk.core.crypto.sealed import SealedText
from cyberdesk.core.db import Row
from cyberdesk.core.db.rls import any_of, declaration_row, of_case

KEPT = "kept"
DAMAGED = "damaged"  # it no longer is what was kept; a copy is in the backups
ERASED = "erased"


class StoredFile(Row):
    """A file as it was received. `sha256` is of its plain content; its given name is sealed."""

    __tablename__ = "stored_files"
    __policy__ = any_of(of_case(), declaration_row("declaration_id"))
    __grants__ = "SELECT, INSERT, UPDATE"
    __table_args__ = (
        Index(None, "case_id"),
        Index(None, "declaration_id"),
        Index(None, "address"),
        Index(None, "verified_at", postgresql_where=text("state = 'kept'")),
    )

    case_id: Mapped[UUID | None]
    declaration_id: Mapped[UUID | None]
    key_id: Mapped[UUID] = mapped_column(ForeignKey("data_keys.id"))
    sha256: Mapped[bytes]
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]  # told from the content
    label_sealed: Mapped[bytes | None]
    address: Mapped[bytes]  # in the store: `blobs.address_of(key_id, sha256)`
    state: Mapped[str] = mapped_column(default=KEPT)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    verified_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]

    label = SealedText()  # the name it was given: shown to people, never used as a path or a type

"""The declarative base: names of constraints, Python types to PostgreSQL types."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, LargeBinary, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from cyberdesk.core.db.rls import Policy
from cyberdesk.core.ids import new_id

_NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table names who sees its rows in `__policy__`; without one the schema is not made.

    `__grants__` are the rights of the application's role, which owns no table.
    """

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(),
        datetime: DateTime(timezone=True),
        str: Text(),
        bytes: LargeBinary(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
        list[str]: JSONB(),
    }
    __policy__: ClassVar[Policy]
    __grants__: ClassVar[str] = "SELECT, INSERT, UPDATE, DELETE"


class Row(Base):
    """A row with its own UUIDv7, known before it is written."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)

    def __init__(self, **values: Any) -> None:
        # The id takes part in encryption (AAD) and in the journal, so it is needed before a flush.
        # Sealed attributes need id and key first.
        first = {"id": values.pop("id", None) or new_id()}
        if "key_id" in values:
            first["key_id"] = values.pop("key_id")
        super().__init__(**first, **values)

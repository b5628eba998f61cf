"""What a person signs in with, and the browsers they are signed in from."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cyberdesk.core.access.models import Person
from cyberdesk.core.db import Base, Row
from cyberdesk.core.db.rls import own_rows, system_only


class Credentials(Base):
    """The means of one person. Apart from `people`, so that reading a name reads no secret."""

    __tablename__ = "credentials"
    __policy__ = system_only()

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    # In every session cookie: a new one ends every session of the person at once.
    uniquifier: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str | None]  # argon2id
    password_at: Mapped[datetime | None]
    totp: Mapped[str | None]  # the shared secret, sealed under the keyring
    totp_counter: Mapped[int | None]  # the last time step accepted: a code serves once
    recovery: Mapped[list[str]] = mapped_column(default=list)  # peppered hashes of unused codes
    passkey_handle: Mapped[str]  # WebAuthn user handle: says nothing of the person

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    passkeys: Mapped[list["Passkey"]] = relationship(
        primaryjoin="Credentials.person_id == foreign(Passkey.person_id)",
        order_by="Passkey.id",
        viewonly=True,
    )


class Passkey(Row):
    """A WebAuthn credential: the public half of a key that a device or a token holds."""

    __tablename__ = "passkeys"
    __policy__ = own_rows()

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    usage: Mapped[str]  # first: signs in alone; secondary: after the password
    device_type: Mapped[str]  # single_device, multi_device
    backup_state: Mapped[bool]
    transports: Mapped[list[str]]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignIn(Row):
    """A browser in which a person is signed in. Only the hash of its cookie's value is kept."""

    __tablename__ = "sign_ins"
    __policy__ = own_rows()
    __table_args__ = (Index(None, "person_id", postgresql_where=text("ended_at IS NULL")),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    strong: Mapped[bool]  # with a second factor or a passkey
    device: Mapped[str]  # what the browser said of itself, in two words
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

"""A person and their means of sign-in, with the names that Flask-Security knows them by."""

from typing import Any
from uuid import UUID

from flask import session
from flask_security import UserMixin, WebAuthnMixin

from cyberdesk.core import clock
from cyberdesk.core.access.models import Membership, Person
from cyberdesk.core.access.signin import recovery
from cyberdesk.core.access.signin.models import Credentials, Passkey
from cyberdesk.core.access.signin.sessions import holds
from cyberdesk.core.db import session as db_session

AUTHENTICATOR = "authenticator"


class Key(WebAuthnMixin):  # type: ignore[misc]
    """A passkey."""

    def __init__(self, row: Passkey) -> None:
        self.row = row

    @property
    def usage(self) -> str:
        """Flask-Security gives a key one use; ours serve for each: the one asked for now."""
        return "secondary" if session.get("tf_state") == "ready" else "first"

    @property
    def extensions(self) -> None:
        return None

    @property
    def lastuse_datetime(self) -> Any:
        return self.row.used_at or self.row.created_at

    @lastuse_datetime.setter
    def lastuse_datetime(self, instant: Any) -> None:
        self.row.used_at = instant

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in {"sign_count", "backup_state", "device_type"}:
            setattr(self.row, name, value)
        else:
            super().__setattr__(name, value)


class Account(UserMixin):  # type: ignore[misc]
    """A person who signs in."""

    roles: tuple[()] = ()
    tf_phone_number = None

    def __init__(self, held: Credentials) -> None:
        self.held = held

    @property
    def person(self) -> Person:
        return self.held.person

    @property
    def id(self) -> UUID:
        return self.held.person_id

    @property
    def email(self) -> str:
        return self.person.email

    @property
    def active(self) -> bool:
        return self.person.active

    @property
    def password(self) -> str | None:
        return self.held.password

    @password.setter
    def password(self, hashed: str | None) -> None:
        self.held.password, self.held.password_at = hashed, clock.now()

    @property
    def fs_uniquifier(self) -> str:
        return self.held.uniquifier

    @property
    def fs_webauthn_user_handle(self) -> str:
        return self.held.passkey_handle

    @property
    def tf_totp_secret(self) -> str | None:
        return self.held.totp

    @tf_totp_secret.setter
    def tf_totp_secret(self, sealed: str | None) -> None:
        if sealed != self.held.totp:
            self.held.totp, self.held.totp_counter = sealed, None

    @property
    def tf_primary_method(self) -> str | None:
        return AUTHENTICATOR if self.held.totp else None

    @tf_primary_method.setter
    def tf_primary_method(self, method: str | None) -> None:
        if method is None:
            self.held.totp = None

    @property
    def mf_recovery_codes(self) -> list[str]:
        return list(self.held.recovery)

    @mf_recovery_codes.setter
    def mf_recovery_codes(self, codes: list[str] | None) -> None:
        self.held.recovery = recovery.hashes(codes or [])

    @property
    def webauthn(self) -> list[Key]:
        return [Key(row) for row in self.held.passkeys]

    @property
    def staff(self) -> bool:
        """Say whether a second factor is demanded of this person: they hold a desk's role."""
        desk = (
            db_session()
            .query(Membership)
            .filter_by(person_id=self.id)
            .filter(Membership.strand.is_not(None), holds(clock.now()))
        )
        return db_session().query(desk.exists()).scalar() is True

    def check_tf_required_setup(self) -> bool:
        """Staff may not go without: the authenticator stays while there is no passkey."""
        return self.staff and not self.held.passkeys

    def known_words(self) -> tuple[str, ...]:
        """What somebody who guesses their password knows."""
        return self.person.name, self.email

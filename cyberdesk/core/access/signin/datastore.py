"""What Flask-Security reads and writes, over the session of the request.

Its look-ups and writes see everybody (`as_the_house`); its commit only flushes, since the request
commits. It never finds a deactivated person: such an account and none are the same to whoever asks.
"""

import secrets
from typing import Any
from uuid import UUID

from flask_security import UserDatastore
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access.models import Person
from cyberdesk.core.access.signin import sessions
from cyberdesk.core.access.signin.account import Account, Key
from cyberdesk.core.access.signin.models import Credentials, Passkey
from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM

_BY = {"fs_uniquifier": Credentials.uniquifier, "email": Person.email, "id": Person.id}


class Accounts(UserDatastore):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(Account, None, Key)

    def put(self, model: Any) -> Any:
        return model

    def commit(self) -> None:
        with seeing(SYSTEM):
            session().flush()

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> Account | None:  # noqa: ARG002  # addresses are kept in lower case
        ((name, value),) = wanted.items()
        value = value.lower() if name == "email" else value
        found = (
            select(Credentials).join(Credentials.person).where(_BY[name] == value, Person.active)
        )
        with seeing(SYSTEM):
            held = session().scalar(found)
        return Account(held) if held else None

    def account(self, person_id: UUID) -> Account | None:
        return self.find_user(id=person_id)

    def set_uniquifier(self, user: Account, uniquifier: str | None = None) -> None:
        """Sign the person out everywhere; the caller signs in again who should stay."""
        sessions.end_sessions(user.id)
        user.held.uniquifier = uniquifier or secrets.token_hex(16)

    def mf_delete_recovery_code(self, user: Account, idx: int) -> bool:
        user.held.recovery = [code for place, code in enumerate(user.held.recovery) if place != idx]
        return True

    def find_webauthn(self, credential_id: bytes) -> Key | None:
        with seeing(SYSTEM):
            row = session().scalar(select(Passkey).filter_by(credential_id=credential_id))
        return Key(row) if row else None

    def find_user_from_webauthn(self, webauthn: Key) -> Account | None:
        return self.account(webauthn.row.person_id)

    def create_webauthn(self, user: Account, **values: Any) -> None:
        kept = {name: values[name] for name in _PASSKEY}
        transports = [str(getattr(one, "value", one)) for one in values["transports"] or []]
        session().add(
            Passkey(
                person_id=user.id,
                created_at=clock.now(),
                transports=transports,
                usage="any",
                **kept,
            )
        )

    def delete_webauthn(self, webauthn: Key) -> None:
        session().delete(webauthn.row)


_PASSKEY = ("credential_id", "public_key", "name", "sign_count", "device_type", "backup_state")

"""Codes from an authenticator application (RFC 6238), each of which serves once."""

import hashlib
import hmac
from typing import Any

from flask_security import Totp
from passlib.exc import TokenError
from passlib.totp import TOTP

from cyberdesk.core.access.signin import recovery
from cyberdesk.core.access.signin.account import Account
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import session

ISSUER = "CyberDesk"
_STEP = 30  # seconds a code is shown


class HouseTotp(Totp):  # type: ignore[misc]
    """Secrets are sealed under the keyring's peppers, the newest first, so that they rotate."""

    def __init__(self, secrets: Any, issuer: str) -> None:
        """Take nothing: the keyring may change while the process runs."""

    @property
    def _totp(self) -> Any:
        # Ids are UUIDv7: the newest pepper has the last tag, which passlib seals with.
        wallet = {
            key.id.hex: hmac.digest(key.secret, b"totp", hashlib.sha256).hex()
            for key in vault.peppers().all()
        }
        return TOTP.using(issuer=ISSUER, secrets=wallet)

    def verify_totp(self, token: str, totp_secret: str, user: Account, window: int = 0) -> bool:  # noqa: ARG002  # ours says how far
        """Take the code that is shown, and while it travels the one before; none of the future.

        RFC 6238 §5.2 allows one step for the delay of people and networks, and none ahead.
        """
        try:
            found = self._totp.verify(
                token,
                totp_secret,
                window=_STEP // 2,
                skew=-_STEP // 2,
                last_counter=self.get_last_counter(user),
            )
        except TokenError:
            return False
        self.set_last_counter(user, found)
        return True

    def generate_qrcode(self, username: str, totp: str) -> str:
        """Return what the picture says: the page draws it (`ui.qr`)."""
        return str(self.get_totp_uri(username, totp))

    def generate_recovery_codes(self, number: int) -> list[str]:  # noqa: ARG002  # ours say how many
        return recovery.new_codes()

    def get_last_counter(self, user: Account) -> int | None:
        session().refresh(user.held, with_for_update=True)  # of two that send it, one is first
        return user.held.totp_counter

    def set_last_counter(self, user: Account, tmatch: Any) -> None:
        user.held.totp_counter = tmatch.counter

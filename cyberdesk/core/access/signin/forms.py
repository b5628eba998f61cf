"""Flask-Security's forms, held to the rules of the house: a field that is not known is refused."""

import unicodedata
from typing import Any

from flask import current_app
from flask_security import (
    LoginForm,
    PasswordUtil,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    WebAuthnRegisterForm,
    WebAuthnSigninForm,
    WebAuthnSigninResponseForm,
)
from flask_security.mail_util import EmailValidateException, MailUtil
from flask_security.recovery_codes import MfRecoveryCodesUtil
from flask_security.utils import get_message
from flask_security.webauthn import WebAuthnTfPlugin
from flask_security.webauthn_util import WebauthnUtil
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from wtforms import RadioField

from cyberdesk.core.access.signin import passwords, recovery
from cyberdesk.core.access.signin.account import Account
from cyberdesk.core.db import session
from cyberdesk.core.text import Text, _
from cyberdesk.core.web.forms import choices, refuse_unknown

_LONGEST_ADDRESS, _LONGEST_NAME = 254, 64


class Strict:
    """Refuses a field that the form does not know."""

    _fields: dict[str, Any]

    def validate(self, **options: Any) -> bool:
        refuse_unknown(set(self._fields))
        return bool(super().validate(**options))  # type: ignore[misc]


def strict(form: type[Any]) -> type[Any]:
    return type(form.__name__, (Strict, form), {})


class SignInForm(LoginForm):  # type: ignore[misc]
    remember = None  # the session on the server says how long


class PasskeyForm(WebAuthnSigninForm):  # type: ignore[misc]
    identity = None  # the passkey itself says whose it is: nobody learns whether an address exists

    def validate(self, **options: Any) -> bool:
        self.remember.data = False
        return bool(super().validate(**options))


class PasskeyAnswerForm(WebAuthnSigninResponseForm):  # type: ignore[misc]
    def validate(self, **options: Any) -> bool:
        self.remember.data = ""
        return bool(super().validate(**options))


class NewPasskeyForm(WebAuthnRegisterForm):  # type: ignore[misc]
    usage = RadioField(choices=choices([("first", "")]))  # the only one we know

    def validate(self, **options: Any) -> bool:
        self.usage.data = "first"
        return bool(super().validate(**options))


class NewAuthenticatorForm(TwoFactorSetupForm):  # type: ignore[misc]
    setup = RadioField(choices=choices([("authenticator", "")]), validate_choice=False)


class NoCodeForm(TwoFactorRescueForm):  # type: ignore[misc]
    help_setup = RadioField(choices=choices([("help", "")]))


class Passwords(PasswordUtil):  # type: ignore[misc]
    """New passwords are checked offline: see passwords.py."""

    def validate(
        self,
        password: str,
        is_register: bool,  # noqa: ARG002
        **about: Any,
    ) -> tuple[list[Text] | None, str]:
        user: Account | None = about.get("user")
        words = user.known_words() if user else ()
        return passwords.faults(password, words) or None, passwords.normal(password)


class Addresses(MailUtil):  # type: ignore[misc]
    """Mail addresses as they are looked up; nothing is sent from here."""

    def normalize(self, email: str) -> str:
        address = plain_address(email)
        if address is None:
            raise EmailValidateException(get_message("INVALID_EMAIL_ADDRESS")[0])
        return address

    validate = normalize


def plain_address(text: str) -> str | None:
    """Return `text` as an address is kept: trimmed and lower case; None when it is none."""
    address = unicodedata.normalize("NFKC", text).strip().lower()
    name, at, domain = address.rpartition("@")
    fits = len(address) <= _LONGEST_ADDRESS and address.isprintable() and " " not in address
    return address if at and name and "." in domain and fits and "@" not in name else None


class Passkeys(WebauthnUtil):  # type: ignore[misc]
    """Every passkey names its person and asks for a finger, a face or a PIN: two factors in one."""

    def origin(self) -> str:
        """Return the site that passkeys are for, as the settings say."""
        address: str = current_app.config["CYBERDESK"].base_url
        return address

    def authenticator_selection(
        self,
        user: Account,  # noqa: ARG002
        usage: str,  # noqa: ARG002
    ) -> AuthenticatorSelectionCriteria:
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        )

    def user_verification(
        self,
        user: Account | None,  # noqa: ARG002
        usage: list[str],  # noqa: ARG002
    ) -> UserVerificationRequirement:
        return UserVerificationRequirement.REQUIRED

    def name_svn(self, value: str) -> tuple[str | None, str | None]:
        name = " ".join(unicodedata.normalize("NFKC", value).split())
        if not name.isprintable() or not name:
            return get_message("WEBAUTHN_NAME_DISALLOWED_CHARACTERS")[0], None
        if len(name) > _LONGEST_NAME:
            return get_message("INVALID_INPUT_LENGTH")[0], None
        return None, name


class PasskeyFactor(WebAuthnTfPlugin):  # type: ignore[misc]
    """After a password, any passkey of the person will do."""

    def get_setup_methods(self, user: Account) -> list[tuple[str, str]]:
        return [("webauthn", str(_("Passkey")))] if user.held.passkeys else []


class RecoveryCodes(MfRecoveryCodesUtil):  # type: ignore[misc]
    """Only hashes are kept, so codes are shown when they are made and never again."""

    def get_recovery_codes(self, user: Account) -> list[str]:  # noqa: ARG002
        return []

    def check_recovery_code(self, user: Account, code: str) -> bool:
        session().refresh(user.held, with_for_update=True)  # of two that send it, one is first
        return recovery.place_of(code, user.held.recovery) is not None

    def delete_recovery_code(self, user: Account, code: str) -> bool:
        place = recovery.place_of(code, user.held.recovery)
        assert place is not None
        kept = user.held.recovery
        user.held.recovery = kept[:place] + kept[place + 1 :]
        return True

"""What Flask-Security says, in our words: to a person who may be tired, and never about others."""

from typing import Any

from cyberdesk.core.text import Text, _

_WRONG = _("The address or the password is not right.")
_CODE = _("This code is not right, or was used already. Wait for the next one.")
_AGAIN = _("This took too long. Start again.")
_PASSKEY = _("This passkey could not be used here.")

MESSAGES: dict[str, tuple[Text, str]] = {
    "ANONYMOUS_USER_REQUIRED": (_("You are signed in already."), "info"),
    "API_ERROR": (_("What was sent cannot be read. Reload the page and try again."), "error"),
    "DISABLED_ACCOUNT": (_WRONG, "error"),
    "EMAIL_NOT_PROVIDED": (_("Give your mail address."), "error"),
    "GENERIC_AUTHN_FAILED": (_WRONG, "error"),
    "INVALID_CODE": (_CODE, "error"),
    "INVALID_EMAIL_ADDRESS": (_("This is not a mail address."), "error"),
    "INVALID_INPUT": (_("This cannot be used as a name."), "error"),
    "INVALID_INPUT_LENGTH": (_("This is too long."), "error"),
    "INVALID_PASSWORD": (_("The password is not right."), "error"),
    "INVALID_RECOVERY_CODE": (_("This recovery code is not right, or was used already."), "error"),
    "INVALID_REDIRECT": (_("This address is not on this site."), "error"),
    "PASSWORD_CHANGE": (
        _("Your password is changed. You are signed out everywhere else."),
        "success",
    ),
    "PASSWORD_IS_THE_SAME": (_("This is the password you have. Choose another."), "error"),
    "PASSWORD_NOT_PROVIDED": (_("Give a password."), "error"),
    "REAUTHENTICATION_REQUIRED": (_("To go on, show once more that it is you."), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (_("Thank you. You may go on."), "success"),
    "RETYPE_PASSWORD_MISMATCH": (_("The two passwords differ."), "error"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        _("Your second factor works. Keep recovery codes in case you lose it."),
        "success",
    ),
    "TWO_FACTOR_DISABLED": (_("The authenticator is removed."), "success"),
    "TWO_FACTOR_INVALID_TOKEN": (_CODE, "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (_("You are signed in."), "success"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (_("This way is not offered."), "error"),
    "TWO_FACTOR_PERMISSION_DENIED": (_("Sign in first, with your password."), "info"),
    "TWO_FACTOR_SETUP_EXPIRED": (_AGAIN, "error"),
    "UNAUTHENTICATED": (_("Sign in to see this page."), "info"),
    "UNAUTHORIZED": (_("This page is not open to you."), "error"),
    "USER_DOES_NOT_EXIST": (_WRONG, "error"),
    "WEBAUTHN_CREDENTIAL_DELETED": (_("The passkey “%(name)s” is removed."), "success"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (_("This passkey is known already."), "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (_PASSKEY, "error"),
    "WEBAUTHN_EXPIRED": (_AGAIN, "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (_PASSKEY, "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (_("Use letters, digits and spaces."), "error"),
    "WEBAUTHN_NAME_INUSE": (_("You have a passkey of this name already."), "error"),
    "WEBAUTHN_NAME_NOT_FOUND": (_("You have no passkey of this name."), "error"),
    "WEBAUTHN_NAME_REQUIRED": (_("Give it a name, to know it by later."), "error"),
    "WEBAUTHN_NO_VERIFY": (_PASSKEY, "error"),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (_PASSKEY, "error"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (_("The passkey “%(name)s” is added."), "success"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (_PASSKEY, "error"),
}


class OurWords:
    """Stands where Flask-Security looks for its translations."""

    @staticmethod
    def gettext(string: Any, **variables: Any) -> str:
        return str(Text(getattr(string, "msgid", string), variables))

    @staticmethod
    def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str:
        return str(Text(singular, {"num": num, "count": num, **variables}, plural, num))

    @staticmethod
    def format_list(items: list[str], **_options: Any) -> str:
        return ", ".join(items)

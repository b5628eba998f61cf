"""Flask-Security, set up as the house needs it: passwords, an authenticator, passkeys, codes.

Its blueprint is not registered: `doors.py` opens the few of its views that are used, each with its
permission. It answers pages only, takes no token of its own, and keeps no other cookie.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, render_template
from flask import session as cookie
from flask_login.utils import _user_context_processor
from flask_security import Security
from flask_security.utils import set_request_attr

from cyberdesk.core import clock
from cyberdesk.core.access.signin import forms, passwords, recovery, totp
from cyberdesk.core.access.signin.account import Account
from cyberdesk.core.access.signin.browser import under_way
from cyberdesk.core.access.signin.datastore import Accounts
from cyberdesk.core.access.signin.messages import MESSAGES, OurWords
from cyberdesk.core.db import seeing
from cyberdesk.core.web.identity import actor

accounts = Accounts()

_FRESH = timedelta(minutes=15)

_SETTINGS: dict[str, Any] = {
    "API_ENABLED_METHODS": ["session"],
    "CACHE_CONTROL": None,
    "CHANGEABLE": True,
    "CLI_ROLES_NAME": None,
    "CLI_USERS_NAME": None,
    "DATETIME_FACTORY": clock.now,
    "FRESHNESS": _FRESH,
    "FRESHNESS_ALLOW_AUTH_TOKEN": False,
    "FRESHNESS_GRACE_PERIOD": _FRESH,
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "MULTI_FACTOR_RECOVERY_CODES_N": recovery.COUNT,
    "PASSWORD_HASH": "argon2",
    "PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__type": "ID",
        "argon2__time_cost": passwords.TIME_COST,
        "argon2__memory_cost": passwords.MEMORY_KIB,
        "argon2__parallelism": 1,
    },
    "PASSWORD_NORMALIZE_FORM": "NFKC",
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_SINGLE_HASH": {"argon2"},
    "POST_CHANGE_VIEW": "account.home",
    "POST_LOGIN_VIEW": "account.start",
    "POST_LOGOUT_VIEW": "security.login",
    "POST_VERIFY_VIEW": "account.home",
    "RETURN_GENERIC_RESPONSES": True,
    "SEND_PASSWORD_CHANGE_EMAIL": False,  # a letter of ours tells of it
    "TOTP_ISSUER": totp.ISSUER,
    "TOTP_SECRETS": {"keyring": "see totp.py"},
    "TWO_FACTOR": True,
    "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,  # how it is taken: totp.py
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_ERROR_VIEW": "security.login",
    "TWO_FACTOR_IMPLEMENTATIONS": {
        "code": "flask_security.twofactor.CodeTfPlugin",
        "webauthn": "cyberdesk.core.access.signin.forms.PasskeyFactor",
    },
    "TWO_FACTOR_POST_SETUP_VIEW": "account.protected",
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "WAN_ALLOW_USER_HINTS": False,
    "WAN_POST_REGISTER_VIEW": "account.protected",
    "WAN_RP_NAME": "CyberDesk",
    "WEBAUTHN": True,
}
_TEMPLATES = {
    "CHANGE_PASSWORD": "change_password",
    "LOGIN_USER": "sign_in",
    "MULTI_FACTOR_RECOVERY": "recovery",
    "MULTI_FACTOR_RECOVERY_CODES": "recovery_codes",
    "TWO_FACTOR_SELECT": "choose",
    "TWO_FACTOR_SETUP": "authenticator",
    "TWO_FACTOR_VERIFY_CODE": "code",
    "VERIFY": "verify",
    "WAN_REGISTER": "passkeys",
    "WAN_SIGNIN": "passkey",
    "WAN_VERIFY": "passkey_again",
}


class _House(Security):  # type: ignore[misc]
    def _check_modules(self, module: str, config_name: str) -> bool:  # noqa: ARG002
        """Miss nothing: segno draws what qrcode would, and we clean names without nh3."""
        return True


def install(app: Flask) -> Security:
    """Give `app` its Flask-Security, without any route."""
    app.config.update({f"SECURITY_{name}": value for name, value in _SETTINGS.items()})
    app.config.update({f"SECURITY_MSG_{name}": said for name, said in MESSAGES.items()})
    for name, template in _TEMPLATES.items():
        app.config[f"SECURITY_{name}_TEMPLATE"] = f"access/{template}.html"
    security = _House(
        app,
        accounts,
        register_blueprint=False,
        login_form=forms.SignInForm,
        wan_signin_form=forms.PasskeyForm,
        wan_signin_response_form=forms.PasskeyAnswerForm,
        wan_register_form=forms.NewPasskeyForm,
        two_factor_setup_form=forms.NewAuthenticatorForm,
        two_factor_rescue_form=forms.NoCodeForm,
        mail_util_cls=forms.Addresses,
        password_util_cls=forms.Passwords,
        webauthn_util_cls=forms.Passkeys,
        mf_recovery_codes_util_cls=forms.RecoveryCodes,
        totp_cls=totp.HouseTotp,
        render_template=_render,
    )
    app.add_template_filter(datetime.fromisoformat, "instant")
    _restrain(app, security)
    return security


def _restrain(app: Flask, security: Security) -> None:
    """Take away what the house does not use, or does itself."""
    for info in security.forms.values():
        info.cls = forms.strict(info.cls) if info.cls else None
    security.i18n_domain = OurWords()
    security.want_json(lambda _request: False)
    security.login_manager.user_loader(_load)
    security.login_manager.request_loader(lambda _request: None)
    # These would read the cookie on each request, or look the person up again in each page.
    app.before_request_funcs[None].remove(security.principal._on_before_request)  # noqa: SLF001
    app.after_request_funcs[None].remove(security.login_manager._update_remember_cookie)  # noqa: SLF001
    app.template_context_processors[None].remove(_user_context_processor)


def _load(uniquifier: str) -> Account | None:
    """Return the account of the session under way, which `browser.identify` found to hold."""
    held = under_way()
    account = accounts.account(held.actor.id) if held and held.actor.id else None
    if account is None or account.fs_uniquifier != uniquifier:
        return None
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", cookie.get("fs_paa", 0))
    return account


def _render(template: str, **context: Any) -> str:
    """Draw a page as its reader: the frame around it counts and lists."""
    with seeing(actor().scope):
        return render_template(template, **context)

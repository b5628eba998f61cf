"""The doors of sign-in: the views of Flask-Security that are used, and none of its others."""

import functools
from collections.abc import Callable
from typing import Any, cast

from flask import Flask, request
from flask import session as cookie
from flask_security import recovery_codes, tf_plugin, views, webauthn
from werkzeug.wrappers import Response

from cyberdesk.core.access.permissions import PUBLIC, SIGNED_IN
from cyberdesk.core.access.signin import acts, bearer, browser, limits, security, sessions
from cyberdesk.core.access.signin.forms import plain_address
from cyberdesk.core.db import seeing
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.web.api.reading import UnsupportedTypeError
from cyberdesk.core.web.doors import Declared, Door, declare
from cyberdesk.core.web.identity import identify_by

View = Callable[..., Any]

door = Door("security", __name__, template_folder="../templates")


@door.record_once
def _install(state: Any) -> None:
    app = cast(Flask, state.app)
    security.install(app)
    acts.connect()
    identify_by(app, browser.identify)
    identify_by(app, bearer.identify)
    # Flask-Security names this route on the page of the code; ours is the recovery code's.
    declare(app, "security.two_factor_rescue", Declared(PUBLIC))


def _as_the_house(view: View, limit: Callable[[], None] | None = None) -> View:
    """Let a view of Flask-Security see accounts, and only take forms, not too often."""

    @functools.wraps(view)
    def serve(**given: Any) -> Any:
        if request.method == "POST":
            if request.is_json:
                raise UnsupportedTypeError
            if limit:
                limit()
        with seeing(SYSTEM):
            return view(**given)

    return serve


def _sign_in() -> Any:
    """The first step. Whether an address is known shows neither in the answer nor in its time."""
    with limits.evenly():
        answer = _as_the_house(views.login, limits.password)()
    if "tf_user_id" in cookie:
        cookie["tf_address"] = plain_address(request.form.get("email", ""))
    return answer


def _sign_out() -> Response:
    held = browser.under_way()
    if held:
        sessions.end_session(held.id)
    answer: Response = _as_the_house(views.logout)()
    cookie.clear()
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _open() -> None:
    both = functools.partial(door.both, may=PUBLIC)
    mine = functools.partial(door.both, may=SIGNED_IN, weak=True)
    both("/connexion", endpoint="login")(_sign_in)
    door.post("/deconnexion", may=PUBLIC, endpoint="logout")(_sign_out)
    both("/connexion/second-facteur", endpoint="tf_select")(_as_the_house(tf_plugin.tf_select))
    both("/connexion/code", endpoint="two_factor_token_validation")(
        _as_the_house(views.two_factor_token_validation, limits.code)
    )
    both("/connexion/secours", endpoint="mf_recovery")(
        _as_the_house(recovery_codes.mf_recovery, limits.code)
    )
    door.add_url_rule(
        "/connexion/secours", "two_factor_rescue", recovery_codes.mf_recovery, build_only=True
    )
    both("/connexion/passkey", endpoint="wan_signin")(
        _as_the_house(webauthn.webauthn_signin, limits.network_only)
    )
    door.post("/connexion/passkey/<token>", may=PUBLIC, endpoint="wan_signin_response")(
        _as_the_house(webauthn.webauthn_signin_response, limits.network_only)
    )
    mine("/compte/verification", endpoint="verify")(_as_the_house(views.verify, limits.again))
    mine("/compte/verification/passkey", endpoint="wan_verify")(
        _as_the_house(webauthn.webauthn_verify)
    )
    door.post(
        "/compte/verification/passkey/<token>",
        may=SIGNED_IN,
        weak=True,
        endpoint="wan_verify_response",
    )(_as_the_house(webauthn.webauthn_verify_response))
    mine("/compte/mot-de-passe", endpoint="change_password")(
        _as_the_house(views.change_password, limits.again)
    )
    mine("/compte/application", endpoint="two_factor_setup")(_as_the_house(views.two_factor_setup))
    door.post(
        "/compte/application/<token>",
        may=SIGNED_IN,
        weak=True,
        endpoint="two_factor_setup_validate",
    )(_as_the_house(views.two_factor_setup_validate, limits.network_only))
    mine("/compte/codes-de-secours", endpoint="mf_recovery_codes")(
        _as_the_house(recovery_codes.mf_recovery_codes)
    )
    mine("/compte/passkeys", endpoint="wan_register")(_as_the_house(webauthn.webauthn_register))
    door.post(
        "/compte/passkeys/<token>", may=SIGNED_IN, weak=True, endpoint="wan_register_response"
    )(_as_the_house(webauthn.webauthn_register_response))
    mine("/compte/passkeys/retirer", endpoint="wan_delete")(_as_the_house(webauthn.webauthn_delete))


_open()

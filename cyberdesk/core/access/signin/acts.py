"""What follows from signing in and from a change of means: a session, the journal, a letter."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask import session as cookie
from flask_security import (
    password_changed,
    tf_disabled,
    tf_profile_changed,
    user_authenticated,
    user_failed_authn,
    wan_deleted,
    wan_registered,
)

from cyberdesk.core import clock
from cyberdesk.core.access.actor import Actor, ActorKind
from cyberdesk.core.access.models import Person
from cyberdesk.core.access.signin import browser, device, sessions
from cyberdesk.core.access.signin.account import Account
from cyberdesk.core.audit import record
from cyberdesk.core.letters import write

# They have just come in by a letter, or are signed in already: nothing new to tell.
_THEMSELVES = {"invitation", "change", "authenticator set up", "passkey set up"}
_KEPT = ("_user_id", "_fresh", "_id", "fs_paa", "_flashes")


def connect() -> None:
    """Listen to Flask-Security. Connecting twice is once."""
    user_authenticated.connect(_signed_in)
    user_failed_authn.connect(_failed)
    password_changed.connect(_password_changed)
    tf_profile_changed.connect(_authenticator_changed)
    tf_disabled.connect(_authenticator_removed)
    wan_registered.connect(_passkey_added)
    wan_deleted.connect(_passkey_removed)


def begin(person: Person, *, strong: bool, how: str) -> None:
    """Open a session for `person` in this browser; of the one before its cookie keeps nothing."""
    token = sessions.open_session(person.id, strong=strong, device=device.in_words(request))
    kept = {name: cookie[name] for name in _KEPT if name in cookie}
    cookie.clear()
    cookie.update(kept)
    cookie[browser.TOKEN] = token
    if device.known(request, person.email) is None:
        device.remember(person.email)
        if how not in _THEMSELVES:
            _tell_of_new_browser(person)
    record(as_actor(person), "session:open", person, {"how": how, "strong": strong})


def _tell_of_new_browser(person: Person) -> None:
    """Write to the person, in case it is not them; of one kind of browser, once a day."""
    now, words = clock.now(), device.in_words(request)
    write(
        "new-sign-in",
        to=person.email,
        language=person.language,
        dedup=f"new-sign-in:{person.id}:{now:%Y-%m-%d}:{words}",
        at=now.isoformat(),
        device=words,
    )


def as_actor(person: Person) -> Actor:
    return Actor(ActorKind.PERSON, id=person.id, name=person.name, language=person.language)


def _signed_in(_app: Any, user: Account, authn_via: Sequence[str] | None, **_: Any) -> None:
    """`authn_via` is None once a second factor was given."""
    before = browser.under_way()
    changed = authn_via == ["change"]
    strong = authn_via is None or "webauthn" in authn_via
    strong = strong or bool(changed and before and before.actor.strong)
    how = "second factor" if authn_via is None else ", ".join(authn_via)
    begin(user.person, strong=strong, how=how)


def _failed(_app: Any, user: Account, auth_type: str, *, tfa: bool, **_: Any) -> None:
    what = {"what": auth_type, "second": tfa}
    record(Actor(ActorKind.ANONYMOUS), "session:refuse", user.person, what)


def _password_changed(_app: Any, user: Account, **_: Any) -> None:
    changed(user.person, "password:change")


def _authenticator_changed(_app: Any, user: Account, **_: Any) -> None:
    changed(user.person, "authenticator:add")
    _strengthen(user, "authenticator set up")


def _authenticator_removed(_app: Any, user: Any, **_: Any) -> None:
    changed(user.person, "authenticator:remove")


def _passkey_added(_app: Any, user: Account, name: str, **_: Any) -> None:
    changed(user.person, "passkey:add", name=name)
    _strengthen(user, "passkey set up")


def _passkey_removed(_app: Any, user: Any, name: str, **_: Any) -> None:
    changed(user.person, "passkey:remove", name=name)


def _strengthen(user: Account, how: str) -> None:
    """Whoever has just shown their first second factor, after their password, has given both.

    Sessions that were opened with the password alone end with it, wherever they are.
    """
    here = browser.under_way()
    first = len(user.webauthn) + bool(user.held.totp) <= 1
    if here is None or here.actor.strong or not first:
        return
    sessions.end_every(user.person.id)
    begin(user.person, strong=True, how=how)


def changed(person: Person, action: str, **facts: str) -> None:
    """Journal a change of means, and tell the person by letter in case it was not them."""
    record(as_actor(person), action, person, facts)
    write("means-changed", to=person.email, language=person.language, what=action)

"""What holds once somebody is signed in: the session, and what wants a fresh sign-in."""

import time

import pytest
from sqlalchemy import select

from cyberdesk.core.access.signin.models import SignIn
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from tests.core.access.journeys import (
    PASSWORD,
    enter,
    journal,
    who,
)
from tests.factories import sign_in

pytestmark = pytest.mark.usefixtures("fresh_limits")


def test_the_session_is_new_at_sign_in(client, member):
    client.get("/connexion")
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
        old = before.get("csrf_token")
    enter(client, member)
    with client.session_transaction() as after:
        assert "planted" not in after
        assert after.get("csrf_token") is None or after["csrf_token"] != old
        assert len(after["sid"]) == 43


def test_a_copied_cookie_is_worth_nothing_after_sign_out(client, app, member):
    enter(client, member)
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    client.submit("/deconnexion")
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert who(thief).id is None
    with atomic(SYSTEM) as session:
        assert session.scalars(select(SignIn.ended_at)).one() is not None


def test_changing_the_password_signs_out_everywhere_else(client, app, member):
    other = app.test_client()
    enter(client, member)
    enter(other, member)
    new = "boussole tambour vinaigre"
    fields = {
        "password": PASSWORD,
        "new_password": new,
        "new_password_confirm": new,
        "submit": "1",
    }
    assert client.submit("/compte/mot-de-passe", fields).location == "/compte"
    assert who(client).id == member.id
    assert who(other).id is None
    assert enter(other, member).status_code == 200
    assert enter(other, member, new).status_code == 302
    assert "password:change" in journal()


@pytest.mark.parametrize("new", ["court", "motdepasse2026!", "azertyuiop12345"])
def test_a_guessable_new_password_is_refused(client, member, new):
    enter(client, member)
    fields = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    assert client.submit("/compte/mot-de-passe", fields).status_code == 200
    assert enter(client.application.test_client(), member, new).status_code == 200


def test_what_protects_the_account_wants_a_fresh_sign_in(client, responder):
    sign_in(client, responder)
    with client.session_transaction() as cookie:
        cookie["fs_paa"] = time.time() - 3600
    for address in ("/compte/application", "/compte/passkeys", "/compte/codes-de-secours"):
        assert client.get(address).location.startswith("/compte/verification")
    assert client.get("/compte/verification").status_code == 200
    done = client.submit(
        "/compte/verification?next=/compte/passkeys", {"password": PASSWORD, "submit": "1"}
    )
    assert done.location == "/compte/passkeys"
    assert client.get("/compte/passkeys").status_code == 200

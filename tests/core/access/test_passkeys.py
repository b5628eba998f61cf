"""Passkeys: alone, as the second factor, and those that do not fit."""

import pytest

from cyberdesk.core.access.models import Person
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from tests.core.access.authenticators import SecurityKey, six_digits
from tests.core.access.journeys import (
    add_authenticator,
    add_passkey,
    enter,
    use_passkey,
    who,
)

pytestmark = pytest.mark.usefixtures("fresh_limits")


def test_a_passkey_signs_in_alone(client, responder):
    enter(client, responder)
    key = add_passkey(client)
    client.submit("/deconnexion")
    assert use_passkey(client, key).location == "/compte/entree"
    assert who(client).id == responder.id
    assert who(client).strong


def test_a_passkey_is_the_second_factor_too(client, responder):
    enter(client, responder)
    key = add_passkey(client)
    client.submit("/deconnexion")
    step = enter(client, responder)
    assert step.location.startswith("/connexion/passkey")
    assert who(client).id is None
    page = client.submit("/connexion/passkey", {"submit": "1"})
    assert use_passkey(client, key, page).status_code == 302
    assert who(client).strong


@pytest.mark.parametrize("fault", ["no verification", "other site", "other key", "old challenge"])
def test_a_passkey_that_does_not_fit_is_refused(client, responder, fault):
    enter(client, responder)
    key = add_passkey(client)
    client.submit("/deconnexion")
    if fault == "no verification":
        key.verifies = False
    if fault == "other site":
        key.origin = "https://evil.example"
    if fault == "other key":
        key.secret = SecurityKey().secret
    page = client.submit("/connexion/passkey", {"submit": "1"})
    if fault == "old challenge":
        old = page
        page = client.submit("/connexion/passkey", {"submit": "1"})
        from tests.core.access.journeys import asked

        address, _ = asked(page, "get")
        answer = client.submit(address, {"credential": key.get(asked(old, "get")[1]), "next": ""})
    else:
        answer = use_passkey(client, key, page)
    assert answer.location == "/connexion/passkey"
    assert who(client).id is None


def test_a_closed_account_does_not_sign_in_with_its_passkey(client, responder):
    enter(client, responder)
    key = add_passkey(client)
    client.submit("/deconnexion")
    with atomic(SYSTEM) as session:
        session.get(Person, responder.id).active = False
    use_passkey(client, key)
    assert who(client).id is None


def test_with_both_the_person_chooses(client, responder):
    enter(client, responder)
    key, secret = add_passkey(client), add_authenticator(client)
    client.submit("/deconnexion")
    step = enter(client, responder)
    assert step.location.startswith("/connexion/second-facteur")
    assert client.get(step.location).status_code == 200
    choice = client.submit("/connexion/second-facteur", {"which": "authenticator", "submit": "1"})
    assert choice.location.startswith("/connexion/code")
    client.submit("/connexion/code", {"code": six_digits(secret), "submit": "1"})
    assert who(client).strong
    assert key

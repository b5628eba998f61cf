"""The second factor of staff: set up, asked for, stood in for."""

import pytest

from cyberdesk.core.access.signin.models import Credentials
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from tests.core.access.authenticators import six_digits
from tests.core.access.journeys import (
    add_authenticator,
    add_passkey,
    enter,
    who,
)

pytestmark = pytest.mark.usefixtures("fresh_limits")


def enter_and_stay(client, person):
    enter(client, person)
    return client


def test_staff_are_led_to_a_second_factor_and_nowhere_else(client, responder):
    enter(client, responder)
    assert client.get("/compte/entree").location == "/compte/proteger"
    assert client.get("/compte/proteger").status_code == 200
    assert client.get("/compte/jetons").location.startswith("/compte/proteger?next=")
    assert client.submit("/compte/jetons/nouveau", {}).status_code == 403


def test_an_authenticator_is_set_up_then_asked_for(client, responder):
    enter(client, responder)
    key = add_authenticator(client)
    client.submit("/deconnexion")
    step = enter(client, responder)
    assert step.location.startswith("/connexion/code")
    assert who(client).id is None
    assert client.submit("/connexion/code", {"code": "000000", "submit": "1"}).status_code == 200
    done = client.submit("/connexion/code", {"code": six_digits(key), "submit": "1"})
    assert done.location == "/compte/entree"
    assert who(client).strong


@pytest.mark.parametrize("add", [add_authenticator, add_passkey])
def test_the_first_second_factor_is_enough_for_work(client, app, responder, add):
    """They have just given both; a session of the password alone ends elsewhere."""
    other = app.test_client()
    for one in (client, other):
        enter(one, responder)
    add(client)
    assert who(client).strong
    assert client.get("/compte/protege").location == "/compte/codes-de-secours"
    assert who(other).id is None


def test_a_code_serves_once(client, responder):
    enter(client, responder)
    key = add_authenticator(client)
    code = {"code": six_digits(key), "submit": "1"}
    for answer in (302, 200):
        client.submit("/deconnexion")
        enter(client, responder)
        assert client.submit("/connexion/code", code).status_code == answer


@pytest.mark.parametrize(("steps", "answer"), [(0, 302), (-1, 302), (1, 200), (-2, 200)])
def test_a_code_lives_while_it_is_shown_and_while_it_travels(client, responder, steps, answer):
    """The one shown and the one before it; a code of the future would live for longer."""
    key = add_authenticator(enter_and_stay(client, responder))
    with atomic(SYSTEM) as session:
        session.get(Credentials, responder.id).totp_counter = None  # which one set it up
    client.submit("/deconnexion")
    enter(client, responder)
    code = {"code": six_digits(key, steps=steps), "submit": "1"}
    assert client.submit("/connexion/code", code).status_code == answer


def test_the_secret_of_the_authenticator_is_sealed(client, responder):
    enter(client, responder)
    key = add_authenticator(client)
    with atomic(SYSTEM) as session:
        kept = session.get(Credentials, responder.id).totp
    assert key.replace("-", "").replace(" ", "") not in kept


def test_recovery_codes_stand_in_once_each(client, responder):
    enter(client, responder)
    add_authenticator(client)
    page = client.submit("/compte/codes-de-secours", {"generate_new_codes": "1"})
    codes = [part.split("<")[0] for part in page.text.split('class="reference">')[1:]]
    assert len(codes) == 10
    with atomic(SYSTEM) as session:
        kept = session.get(Credentials, responder.id).recovery
    assert len(kept) == 10
    assert all(one.startswith("$argon2id$") for one in kept)
    assert codes[0] not in str(kept)
    assert codes[0] not in client.get("/compte/codes-de-secours?show_codes=1").text
    for status in (302, 200):
        client.submit("/deconnexion")
        enter(client, responder)
        answer = client.submit("/connexion/secours", {"code": codes[0].lower(), "submit": "1"})
        assert answer.status_code == status
    client.submit("/connexion/secours", {"code": codes[1], "submit": "1"})
    assert who(client).strong

"""A forgotten password is renewed by letter, and nothing else with it."""

import pytest

from cyberdesk.core import clock
from cyberdesk.core.access.people.service import renewal
from tests.core.access.journeys import (
    NEW,
    add_passkey,
    bare,
    enter,
    give_password,
    letters,
    link_in,
    renew,
    who,
)
from tests.factories import make_person

pytestmark = pytest.mark.usefixtures("fresh_limits")


def test_a_forgotten_password_is_renewed_by_letter(client, app):
    person = give_password(make_person("member"))
    other = app.test_client()
    enter(other, person)
    assert client.submit("/mot-de-passe-oublie", {"email": person.email.upper()}).status_code == 200
    kind, to, _ = letters()[-1]
    assert (kind, to) == ("new-password", person.email)
    address = link_in(letters()[-1])
    assert client.get(address).location == "/nouveau-mot-de-passe"
    assert client.get("/nouveau-mot-de-passe").status_code == 200
    assert renew(client, address).location == "/connexion"
    assert renew(client, address).status_code == 404
    assert letters()[-1][0] == "means-changed"
    assert who(other).id is None
    assert enter(client, person).status_code == 200
    assert enter(client, person, NEW).status_code == 302


def test_asking_for_an_unknown_address_looks_the_same(client):
    person = make_person("member")
    pages = [
        client.submit("/mot-de-passe-oublie", {"email": email})
        for email in (person.email, "nobody@example.org")
    ]
    assert bare(pages[0], person.email) == bare(pages[1], "nobody@example.org")
    assert len(letters()) == 1


def test_a_mailbox_is_not_flooded(client):
    person = make_person("member")
    for _ in range(8):
        assert client.submit("/mot-de-passe-oublie", {"email": person.email}).status_code == 200
    assert len(letters()) == 3


def test_a_link_for_a_new_password_lasts_an_hour(client):
    person = make_person("member")
    client.submit("/mot-de-passe-oublie", {"email": person.email})
    with clock.using(clock.still(clock.now() + renewal.LASTS)):
        assert client.get(link_in(letters()[-1])).status_code == 404


def test_a_new_password_does_not_replace_the_second_factor(client):
    person = give_password(make_person("responder"))
    enter(client, person)
    add_passkey(client)
    client.submit("/deconnexion")
    client.submit("/mot-de-passe-oublie", {"email": person.email})
    renew(client, link_in(letters()[-1]))
    assert enter(client, person, NEW).location.startswith("/connexion/passkey")
    assert who(client).id is None

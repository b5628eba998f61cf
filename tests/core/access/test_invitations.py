"""An account is made by an invitation, or by the first administrator's link."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access.models import Membership, Person
from cyberdesk.core.access.people import service
from cyberdesk.core.access.people.service import invitations
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from tests.core.access.journeys import (
    NEW,
    accept,
    add_passkey,
    enter,
    give_password,
    invited,
    letters,
    who,
)
from tests.factories import actor_of, make_organisation, make_person

pytestmark = pytest.mark.usefixtures("fresh_limits")


def test_an_invitation_makes_an_account_and_signs_in(client, admin):
    commune = make_organisation("Valfleur")
    address = invited(admin, organisation=commune)
    page = client.get(address, follow_redirects=True)
    assert page.status_code == 200
    assert page.request.path == "/invitation"
    assert "Valfleur" in page.text
    assert accept(client, address).location == "/compte/entree"
    assert [(g.role, g.organisation) for g in who(client).grants] == [("member", commune.id)]
    assert client.get(address).status_code == 404
    client.submit("/deconnexion")
    newcomer = Person(name="Nora", email="new@example.org")
    assert enter(client, newcomer, NEW).status_code == 302


def test_invited_staff_set_up_their_second_factor_at_once(client, admin):
    accept(client, invited(admin, "responder", strand="cyber"))
    assert client.get("/compte/entree").location == "/compte/proteger"
    add_passkey(client)


def test_the_address_of_an_invitation_cannot_be_changed(client, admin):
    address = invited(admin, organisation=make_organisation())
    accept(client, address, email="other@example.org")
    with atomic(SYSTEM) as session:
        assert "other@example.org" not in session.scalars(select(Person.email)).all()


def test_somebody_with_an_account_accepts_with_it(client, app):
    admin = make_person("admin")
    person = give_password(make_person("member", email="new@example.org"))
    address = invited(admin, organisation=make_organisation("Autreville"))
    assert accept(client, address).status_code == 409
    enter(client, person)
    assert client.get(address).location == "/invitation"
    assert client.get("/invitation").status_code == 200
    assert client.submit("/invitation").location == "/compte/entree"
    with atomic(SYSTEM) as session:
        held = session.scalars(select(Membership).filter_by(person_id=person.id)).all()
    assert len(held) == 2


def test_an_invitation_ends_and_can_be_taken_back(client, admin):
    old = invited(admin, organisation=make_organisation())
    with clock.using(clock.still(clock.now() + invitations.LASTS)):
        assert client.get(old).status_code == 404
    actor_ = actor_of(admin)
    with atomic(actor_.scope):
        for one in service.open_invitations(actor_):
            service.revoke(actor_, one)
    assert client.get(old).status_code == 404


@pytest.mark.parametrize("token", ["x", "x" * 43, "%00", "é"])
def test_a_guessed_invitation_is_nothing(client, token):
    assert client.get(f"/invitation/{token}").status_code == 404


def test_a_guessable_password_does_not_make_an_account(client, admin):
    address = invited(admin, organisation=make_organisation())
    assert accept(client, address, password="Nora2026Nora", again="Nora2026Nora").status_code == 200
    assert who(client).id is None


def test_the_first_administrator_comes_by_a_link_once(client, database):
    from cyberdesk.cli.user import first_administrator

    first, second = first_administrator(), first_administrator()
    assert client.get(first.removeprefix("http://localhost")).status_code == 404
    address = second.removeprefix("http://localhost")
    assert client.get(address).status_code == 303
    assert accept(client, address, email="admin@example.org").location == "/compte/entree"
    assert [(g.role, g.strand) for g in who(client).grants] == [("admin", "*")]
    assert first_administrator() is None
    assert client.get(address).status_code == 404


def test_the_first_administrators_link_lasts_a_day(client, database):
    from cyberdesk.cli.user import first_administrator

    address = first_administrator().removeprefix("http://localhost")
    with clock.using(clock.still(clock.now() + timedelta(hours=24))):
        assert client.get(address).status_code == 404


def test_who_was_just_invited_gets_no_warning(client, admin):
    accept(client, invited(admin, organisation=make_organisation()))
    assert [one[0] for one in letters()] == ["invitation"]

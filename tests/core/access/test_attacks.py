"""What somebody tries who wants in, or wants others out."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cyberdesk.core import clock
from cyberdesk.core.access import throttle
from cyberdesk.core.access.models import Membership, Person
from cyberdesk.core.access.people import service
from cyberdesk.core.access.signin import limits
from cyberdesk.core.access.signin.models import Credentials
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import NotFoundError
from tests.core.access.authenticators import six_digits
from tests.core.access.journeys import PASSWORD, add_authenticator, enter, give_password
from tests.factories import actor_of, make_membership, make_organisation, make_person, sign_in

NEW = "boussole tambour vinaigre"


@pytest.fixture(autouse=True)
def _fresh_limits():
    throttle.use(throttle.Memory())


def at_once(times, act):
    with ThreadPoolExecutor(times) as pool:
        return [
            done.result() for done in [pool.submit(copy_context().run, act) for _ in range(times)]
        ]


def invited(email="new@example.org"):
    """The address of a fresh invitation to a commune."""
    import re

    from cyberdesk.core.letters.models import Letter

    admin, commune = actor_of(make_person("admin")), make_organisation()
    with atomic(admin.scope):
        service.invite(admin, email=email, name="Nora", role="member", organisation=commune)
    with atomic(SYSTEM) as session:
        facts = session.scalars(select(Letter).order_by(Letter.id.desc())).first().facts
    return re.search(r"https?://localhost(/\S+)", facts["link"])[1]


def sent_by(client, address, fields):
    """Follow a link, then send the form that it leads to; where it leads nowhere, that answer."""
    led = client.get(address)
    return client.submit(led.location, fields) if led.status_code == 303 else led


def test_an_invitation_sent_twice_at_once_makes_one_account(app):
    address = invited()
    fields = {"name": "Nora", "email": "new@example.org", "password": NEW, "again": NEW}
    statuses = at_once(3, lambda: sent_by(app.test_client(), address, fields).status_code)
    assert statuses.count(302) == 1, statuses
    assert set(statuses) <= {302, 404, 409}, statuses
    with atomic(SYSTEM) as session:
        assert len(session.scalars(select(Person).filter_by(email="new@example.org")).all()) == 1


def test_a_refused_invitation_stays_good(app, client):
    make_person("member", email="new@example.org")
    address = invited()
    fields = {"name": "Nora", "email": "new@example.org", "password": NEW, "again": NEW}
    assert sent_by(client, address, fields).status_code == 409
    assert client.get(address).status_code == 303
    assert client.get("/invitation").status_code == 200


def test_a_letter_for_a_new_password_serves_once_at_once(app, client):
    import re

    from cyberdesk.core.letters.models import Letter

    person = give_password(make_person("member"))
    client.submit("/mot-de-passe-oublie", {"email": person.email})
    with atomic(SYSTEM) as session:
        link = session.scalars(select(Letter)).one().facts["link"]
    address = re.search(r"https?://localhost(/\S+)", link)[1]
    fields = {"password": NEW, "again": NEW}
    statuses = at_once(3, lambda: sent_by(app.test_client(), address, fields).status_code)
    assert statuses.count(302) == 1, statuses
    assert set(statuses) <= {302, 404, 409}, statuses


def test_a_code_sent_twice_at_once_opens_one_session(app, client):
    person = give_password(make_person("responder"))
    enter(client, person)
    key = add_authenticator(client)
    browsers = [app.test_client() for _ in range(3)]
    for browser in browsers:
        enter(browser, person)
    code, left = {"code": six_digits(key), "submit": "1"}, list(browsers)
    statuses = at_once(3, lambda: left.pop().submit("/connexion/code", code).status_code)
    assert sorted(statuses) == [200, 200, 302]


def test_a_recovery_code_sent_twice_at_once_opens_one_session(app, client):
    person = give_password(make_person("responder"))
    enter(client, person)
    add_authenticator(client)
    page = client.submit("/compte/codes-de-secours", {"generate_new_codes": "1"})
    code = page.text.split('class="reference">')[1].split("<")[0]
    browsers = [app.test_client() for _ in range(3)]
    for browser in browsers:
        enter(browser, person)
    sent, left = {"code": code, "submit": "1"}, list(browsers)
    statuses = at_once(3, lambda: left.pop().submit("/connexion/secours", sent).status_code)
    assert sorted(statuses) == [200, 200, 302]
    with atomic(SYSTEM) as session:
        assert len(session.get(Credentials, person.id).recovery) == 9


def test_nobody_keeps_others_from_showing_again_that_it_is_them(app, client, monkeypatch):
    """Sign-ins without an address once filled the bucket of everybody's second showing."""
    monkeypatch.setattr(limits, "_STEP", 0.001)  # what is counted, not how even the answers are
    stranger = app.test_client()
    for _ in range(80):
        stranger.submit("/connexion", {"email": "", "password": "x", "submit": "1"})
        throttle.use(_without_networks(throttle._store))
    person = give_password(make_person("member"))
    sign_in(client, person)
    again = {"password": PASSWORD, "submit": "1"}
    assert client.submit("/compte/verification", again).status_code == 302


class _without_networks:  # noqa: N801  # reads as a phrase
    """An attacker has many networks: only what is counted by account or place is kept."""

    def __init__(self, inner):
        self.inner = getattr(inner, "inner", inner)

    def spend(self, key, limit):
        return 0 if limit is limits.BY_NETWORK else self.inner.spend(key, limit)


def test_the_password_of_an_open_browser_is_not_guessed_fast(client):
    person = give_password(make_person("member"))
    sign_in(client, person)
    wrong = {"password": "not this one at all", "submit": "1"}
    statuses = [client.submit("/compte/verification", wrong).status_code for _ in range(12)]
    assert statuses[-1] == 429
    assert statuses[:9] == [200] * 9


def test_whoever_knows_the_password_does_not_guess_the_code(app, client):
    """From however many networks: twenty at once, then one in two minutes."""
    throttle.use(_without_networks(throttle.Memory()))
    person = give_password(make_person("responder"))
    enter(client, person)
    add_authenticator(client)
    tries = 0
    for network in range(6):
        browser = app.test_client()
        from_there = {"environ_base": {"REMOTE_ADDR": f"198.51.100.{network}"}}
        enter(browser, person, **from_there)
        for number in range(8):
            sent = {"code": f"{number:06}", "submit": "1"}
            tries += browser.submit("/connexion/code", sent, **from_there).status_code == 200
    assert tries <= limits.CODES.burst


def test_a_role_in_a_place_is_one_row(app):
    """Two rows of one role would leave it standing after it was ended."""
    person = make_person(None)
    make_membership(person, "responder", strand="cyber")
    with pytest.raises(IntegrityError):
        make_membership(person, "responder", strand="cyber")


def test_two_who_give_a_role_at_once_give_it_once(app):
    admin, person = actor_of(make_person("admin")), make_person(None)

    def give():
        try:
            with atomic(admin.scope):
                service.give_role(admin, person, role="responder", strand="cyber")
        except IntegrityError:
            return "late"
        return "given"

    assert "given" in at_once(3, give)
    with atomic(SYSTEM) as session:
        held = session.scalars(select(Membership).filter_by(person_id=person.id)).all()
    assert len(held) == 1


def test_nobody_changes_the_profile_of_another(app):
    one, other = actor_of(make_person("member")), make_person("member")
    for act, given in (
        (service.change_profile, {"name": "x", "phone": None, "language": "fr"}),
        (service.sign_out_everywhere, {}),
    ):
        with pytest.raises(NotFoundError), atomic(SYSTEM):
            act(one, other, **given)


@pytest.mark.parametrize("page", ["/compte", "/compte/proteger", "/", "/connexion"])
def test_staff_without_their_second_factor_are_shown_no_count(app, client, page):
    """The navigation counts free cases: on no page does it before the second factor."""
    from tests.factories.declarations import make_declaration

    make_declaration()
    sign_in(client, make_person("responder"), strong=False)
    answer = client.get(page)
    assert 'class="count"' not in answer.text
    assert not actor_of(make_person("responder"), strong=False).scope.desks


def test_a_session_planted_before_sign_in_is_not_the_one_after(app, client):
    person = give_password(make_person("member"))
    client.get("/connexion")
    before = client.get_cookie("session")
    enter(client, person)
    assert client.get_cookie("session").value != (before.value if before else "")


def test_a_role_that_ends_ends_in_open_sessions(app, client):
    person = make_person("responder")
    sign_in(client, person)
    assert client.get("/desk").status_code == 200
    with atomic(SYSTEM) as session:
        held = session.scalars(select(Membership).filter_by(person_id=person.id)).one()
        held.ended_at = clock.now() - timedelta(seconds=1)
    assert client.get("/desk").status_code == 403


def test_signing_out_clears_what_the_browser_kept(app, client):
    sign_in(client, make_person("member"))
    answer = client.submit("/deconnexion")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"

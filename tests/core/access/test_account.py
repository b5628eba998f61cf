"""A person's own pages: means, sessions, tokens, and what is told by letter."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import api_tokens, token_ends
from cyberdesk.core.access.models import ApiToken, Person
from cyberdesk.core.access.signin.models import SignIn
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.web.formatting import ZONE
from tests.core.access.journeys import (
    add_passkey,
    enter,
    give_password,
    letters,
    who,
)
from tests.factories import actor_of, make_person, sign_in

pytestmark = pytest.mark.usefixtures("fresh_limits")


def test_the_account_page_tells_the_means_and_the_sessions(client, app):
    person = give_password(make_person("member"))
    enter(client, person)
    enter(app.test_client(), person, headers={"User-Agent": "Mozilla Firefox/140 Linux"})
    page = client.get("/compte")
    assert page.status_code == 200
    assert "Firefox, Linux" in page.text
    assert person.email in page.text


def test_another_session_is_ended_from_here(client, app):
    person = give_password(make_person("member"))
    other = app.test_client()
    enter(other, person)
    enter(client, person)
    with atomic(SYSTEM) as session:
        first = session.scalars(select(SignIn.id).order_by(SignIn.id)).first()
    client.submit(f"/compte/sessions/{first}/fin")
    assert who(other).id is None
    assert who(client).id == person.id


def test_nobody_ends_the_session_of_somebody_else(client, app):
    victim, thief = give_password(make_person("member")), give_password(make_person("member"))
    other = app.test_client()
    enter(other, victim)
    with atomic(SYSTEM) as session:
        theirs = session.scalars(select(SignIn.id)).one()
    enter(client, thief)
    assert client.submit(f"/compte/sessions/{theirs}/fin").status_code == 404
    assert who(other).id == victim.id


def test_signing_out_everywhere(client, app):
    person = give_password(make_person("member"))
    other = app.test_client()
    enter(other, person)
    enter(client, person)
    assert client.submit("/compte/sessions/fin").location == "/connexion"
    assert who(other).id is None
    assert who(client).id is None


def test_a_person_chooses_name_and_language(client):
    person = make_person("member")
    sign_in(client, person)
    fields = {"name": "Zoé Martin", "phone": "", "language": "en"}
    assert client.submit("/compte/profil", fields).location == "/compte"
    assert "My account" in client.get("/compte").text
    with atomic(SYSTEM) as session:
        assert session.get(Person, person.id).name == "Zoé Martin"


def test_an_administrator_without_a_passkey_is_told(client, app):
    person = give_password(make_person("admin"))
    sign_in(client, person)
    assert "passkey" in client.get("/compte").text.lower()
    notice = client.get("/compte?lang=en").text
    assert "add a passkey" in notice
    with client.session_transaction() as cookie:
        cookie["fs_paa"] = clock.now().timestamp()
    add_passkey(client)
    assert "add a passkey" not in client.get("/compte").text


def test_a_token_is_made_and_closed_on_its_pages(client):
    sign_in(client, make_person("responder"))
    assert client.get("/compte/jetons").status_code == 200
    page = client.get("/compte/jetons/nouveau")
    assert page.status_code == 200
    said = "<b>Lire les dossiers</b><small><code>case:read</code> · GET /api/v1/cases"
    assert said in page.text
    assert re.search(r"<legend[^>]*>Tâches", page.text)
    last = (clock.now() + timedelta(days=3)).date().isoformat()
    made = client.submit(
        "/compte/jetons/nouveau", {"name": "robot", "expires_on": last, "scopes": "case:take"}
    )
    assert re.search(r"cdk_\w{8}_", made.text)
    with atomic(SYSTEM) as session:
        token = session.scalars(select(ApiToken)).one()
    assert token.expires_at.astimezone(ZONE).date().isoformat() == last
    assert "Prendre un dossier en charge" in client.get("/compte/jetons").text
    client.submit(f"/compte/jetons/{token.id}/revoquer")
    with atomic(SYSTEM) as session:
        assert session.get(ApiToken, token.id).revoked_at


def test_a_sign_in_from_a_new_browser_is_told_by_letter(client, app):
    """And from one that is known, not again (ASVS 5.0 V6.3.5)."""
    person = give_password(make_person("member"))
    firefox = {"User-Agent": "Mozilla Firefox/140 Linux"}
    enter(client, person, headers=firefox)
    [(kind, to, letter)] = letters()
    assert (kind, to) == ("new-sign-in", person.email)
    assert "Firefox, Linux" in letter.text
    assert "/mot-de-passe-oublie" in letter.text
    client.submit("/deconnexion")
    enter(client, person, headers=firefox)
    assert len(letters()) == 1
    enter(app.test_client(), person, headers={"User-Agent": "Mozilla Safari iPhone"})
    assert [one[0] for one in letters()] == ["new-sign-in"] * 2
    for _again in range(3):  # a browser that keeps no cookies: once a day
        enter(app.test_client(), person, headers={"User-Agent": "Mozilla Safari iPhone"})
    assert len(letters()) == 2


def test_the_end_of_a_token_is_told_two_weeks_before_and_once(client):
    """To whoever made it, in time to make another (ASVS 5.0 V6.4.5)."""
    person = make_person("responder")
    actor_, now = actor_of(person), clock.now()
    with atomic(actor_.scope):
        for days, name in ((10, "soon"), (40, "later"), (10, "closed")):
            end = now + timedelta(days=days)
            row, _text = api_tokens.make_token(
                actor_, name=name, scopes=["case:read"], expires_at=end
            )
            if name == "closed":
                api_tokens.revoke_token(actor_, row)
    for _again in range(2):
        token_ends.tell()
    [(kind, to, letter)] = letters()
    assert (kind, to) == ("token-ends", person.email)
    assert "soon" in letter.text
    assert "/compte/jetons" in letter.text
    with clock.using(clock.still(now + timedelta(days=30))):
        token_ends.tell()
    assert "later" in letters()[-1][2].text
    assert len(letters()) == 2

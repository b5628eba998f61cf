"""Letters that bear a secret link, and what is left of it afterwards."""

import pytest
from sqlalchemy import select

from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.letters.rendering import render
from tests.core.access.journeys import (
    NEW,
    PASSWORD,
    accept,
    give_password,
    invited,
    letters,
    link_in,
    renew,
)
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.usefixtures("fresh_limits")


@pytest.mark.parametrize("kind", ["invitation", "nouveau-mot-de-passe"])
def test_a_token_leaves_the_address_at_once_and_the_browser_once_used(client, admin, kind):
    """Neither the page, nor its history, nor what it sends on holds it (ASVS 5.0 V14.2.1)."""
    address = invited(admin, organisation=make_organisation())
    if kind != "invitation":
        person = give_password(make_person("member"))
        client.submit("/mot-de-passe-oublie", {"email": person.email})
        address = link_in(letters()[-1])
    token = address.rpartition("/")[2]
    page = client.get(address, follow_redirects=True)
    assert page.request.path == f"/{kind}"
    assert token not in page.text
    given = page.history[0].headers["Set-Cookie"]
    assert token in given
    assert "HttpOnly" in given
    done = accept(client, address) if kind == "invitation" else renew(client, address)
    assert any("Max-Age=0" in one for one in done.headers.getlist("Set-Cookie"))
    assert client.get(f"/{kind}").status_code == 404


def test_no_password_and_no_token_reaches_the_journal(client, admin):
    accept(client, invited(admin, organisation=make_organisation()))
    client.submit("/deconnexion")
    client.submit("/mot-de-passe-oublie", {"email": "new@example.org"})
    address = link_in(letters()[-1])
    renew(client, address, password=PASSWORD, again=PASSWORD)
    with atomic(SYSTEM) as session:
        written = b"".join(session.scalars(select(AuditEntry.payload)))
    assert NEW.encode() not in written
    assert PASSWORD.encode() not in written
    assert address.rpartition("/")[2].encode() not in written


@pytest.mark.parametrize("kind", ["invitation", "new-password", "means-changed"])
@pytest.mark.parametrize("tongue", ["fr", "en"])
def test_letters_speak_both_languages(kind, tongue):
    facts = {"name": "Nora", "role": "Maire", "link": "https://x.example/y", "what": "passkey:add"}
    written = render(kind, facts, tongue)
    assert written.subject
    words = {"fr": ("invite", "mot de passe", "compte"), "en": ("invites", "password", "account")}
    assert any(word in written.text for word in words[tongue])
    assert "Vous" not in written.text or tongue == "fr"

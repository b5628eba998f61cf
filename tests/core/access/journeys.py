"""What people do in a browser, step by step, by the forms of the real pages."""

import html
import json
import re

from sqlalchemy import select

from cyberdesk.core.access.people import service
from cyberdesk.core.access.signin import passwords
from cyberdesk.core.access.signin.models import Credentials
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.letters.models import Letter
from cyberdesk.core.letters.rendering import render
from cyberdesk.core.web.identity import actor
from tests.core.access.authenticators import SecurityKey, six_digits
from tests.factories import actor_of

PASSWORD = "agrafe cheval pile correcte"
NEW = "boussole tambour vinaigre"


def give_password(person, password=PASSWORD):
    with atomic(SYSTEM) as session:
        session.get(Credentials, person.id).password = passwords.hash_password(password)
    return person


def enter(client, person, password=PASSWORD, **options):
    """Send the form of the sign-in page."""
    fields = {"email": person.email, "password": password, "submit": "1"}
    return client.submit("/connexion", fields, **options)


def add_authenticator(client) -> str:
    """Set up the application on the account that is signed in; return the key it shows."""
    page = client.submit("/compte/application", {"setup": "authenticator", "submit": "1"})
    assert page.status_code == 200, page.text
    key = re.search(r'class="code">([A-Z2-7 -]+)<', page.text)[1]
    address = re.search(r'action="(/compte/application/[^"]+)"', page.text)[1]
    done = client.submit(html.unescape(address), {"code": six_digits(key, steps=-1), "submit": "1"})
    assert done.status_code == 302, done.text
    return key


def asked(page, kind):
    """The address and the wish of a page that calls for a passkey."""
    form = re.search(rf'action="([^"]+)" data-passkey="{kind}" data-options="([^"]+)"', page.text)
    assert form, page.text
    return html.unescape(form[1]), json.loads(html.unescape(form[2]))


def add_passkey(client, key=None, name="blue key") -> SecurityKey:
    key = key or SecurityKey()
    page = client.submit("/compte/passkeys", {"name": name, "usage": "first", "submit": "1"})
    address, wish = asked(page, "create")
    done = client.submit(address, {"credential": key.create(wish)})
    assert done.status_code == 302, done.text
    return key


def use_passkey(client, key, page=None):
    page = page or client.submit("/connexion/passkey", {"submit": "1"})
    address, wish = asked(page, "get")
    return client.submit(address, {"credential": key.get(wish), "next": ""})


def bare(answer, address):
    """A page without what differs each time."""
    shown = answer.text.replace(address, "ADDRESS").split("<main")[1]
    return re.sub(r'name="csrf_token" value="[^"]+"', "", shown)


def who(client):
    with client:
        client.get("/style")
        return actor()


def journal():
    with atomic(SYSTEM) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def letters():
    with atomic(SYSTEM) as session:
        return [
            (one.kind, one.to, render(one.kind, one.facts, one.language))
            for one in session.scalars(select(Letter).order_by(Letter.id))
        ]


def link_in(letter):
    return re.search(r"https?://localhost(/\S+)", letter[2].text)[1]


def invited(admin, role="member", **place):
    actor_ = actor_of(admin)
    with atomic(actor_.scope):
        service.invite(actor_, email="new@example.org", name="Nora", role=role, **place)
    return link_in(letters()[-1])


def accept(client, address, **fields):
    client.get(address)
    given = {"name": "Nora", "email": "new@example.org", "password": NEW, "again": NEW} | fields
    return client.submit("/invitation", given)


def renew(client, address, **fields):
    client.get(address)
    return client.submit("/nouveau-mot-de-passe", {"password": NEW, "again": NEW} | fields)

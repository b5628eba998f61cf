"""A browser that is signed in is known on every route."""

from cyberdesk.core.access import ActorKind
from cyberdesk.core.web.identity import actor
from tests.factories import make_person, sign_in


def test_nobody_is_signed_in_at_first(client):
    with client:
        client.get("/style")
        assert actor().kind is ActorKind.ANONYMOUS


def test_a_signed_in_browser_is_known(client):
    person = make_person("lead")
    sign_in(client, person)
    with client:
        assert client.get("/style").status_code == 200
        assert actor().id == person.id
        assert actor().strong


def test_a_forged_cookie_is_nobody(client):
    sign_in(client, make_person())
    with client.session_transaction() as cookie:
        cookie["sid"] = "x" * 43
    with client:
        client.get("/style")
        assert actor().kind is ActorKind.ANONYMOUS

"""A private link opens one declaration or case: no account, and no address for machines."""

import pytest

from cyberdesk.core.web.identity import actor
from tests.factories.declarations import make_declaration


@pytest.fixture
def declarant(client):
    begun, _case_id = make_declaration()
    client.set_cookie("dossier", begun.token)
    return client


@pytest.mark.parametrize(
    "page", ["/compte", "/compte/profil", "/compte/entree", "/compte/proteger"]
)
def test_a_link_leads_to_no_account(declarant, page):
    assert declarant.get(page).location.startswith("/connexion")


def test_a_link_changes_nothing_in_an_account(declarant):
    assert declarant.submit("/compte/sessions/fin").status_code == 401
    fields = {"name": "x", "phone": "", "language": "fr"}
    assert declarant.submit("/compte/profil", fields).status_code == 401


def test_no_cookie_speaks_to_the_api(declarant):
    """A browser sends it by itself, and no CSRF token guards these addresses."""
    with declarant:
        assert declarant.get("/api/v1/me").status_code == 401
        assert actor().id is None

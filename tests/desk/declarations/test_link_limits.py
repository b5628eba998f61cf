"""A private link opens one declaration or case: no account, and no address for machines."""

from datetime import timedelta

import pytest

from cyberdesk.core.access import Role, system
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.declarations import ways
from tests.factories.declarations import begin, make_declaration


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


def test_a_link_that_somebody_sent_does_not_silently_take_over(client):
    """Otherwise a person would go on typing in a declaration that is the sender's."""
    mine, theirs = begin(), begin()
    assert client.get(f"/d/{mine.token}").location == "/declarer/suite"
    asked = client.get(f"/d/{theirs.token}")
    assert asked.status_code == 200
    assert mine.reference in asked.text
    assert client.get_cookie("dossier").value == mine.token
    assert client.submit(f"/d/{theirs.token}").location == "/declarer/suite"
    assert client.get_cookie("dossier").value == theirs.token


def test_the_same_link_and_an_old_one_ask_nothing(client):
    mine = begin()
    client.set_cookie("dossier", "of-a-declaration-that-is-gone")
    for _ in range(2):
        assert client.get(f"/d/{mine.token}").status_code == 303


def test_a_provider_reads_neither_deadlines_nor_the_letter_that_ends_the_case(client):
    begun, case_id = make_declaration()
    with atomic(SYSTEM) as session:
        case = session.get_one(Case, case_id)
        clock_id, house = clocks.clocks_of(case)[0].id, system("test")
        token = ways.issue(house, Role.PROVIDER, lasts=timedelta(days=1), case_id=case_id).token
        cases.close_case(
            house, case, outcome="false-alarm", determination="false-positive",
            letter="Pour la mairie seule.",
        )  # fmt: skip
    client.set_cookie("dossier", token)
    assert client.get(f"/desk/clocks/{clock_id}").status_code == 403
    page = client.get(f"/mon-dossier/{begun.reference}")
    assert page.status_code == 200
    assert "Pour la mairie seule." not in page.text
    client.set_cookie("dossier", begun.token)
    assert "Pour la mairie seule." in client.get(f"/mon-dossier/{begun.reference}").text

"""The pages of whoever runs the house: each is for everyone, narrow and wide, light and dark."""

import pytest
from playwright.sync_api import expect

from cyberdesk.core.access import api_tokens
from cyberdesk.core.clock import now
from cyberdesk.core.db import atomic
from tests.factories.people import actor_of, make_organisation, make_person
from tests.journeys.looking import looked_at
from tests.journeys.signing_in import signed_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


@pytest.fixture
def page(phone, app, site):
    boss = make_person("admin", name="Amira Boss")
    made = signed_in(phone(viewport={"width": 1280, "height": 860}), app, site, boss)
    made.boss = boss
    return made


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/administration/personnes", "Camille Roux"),
        ("/administration/organisations?q=exemple", "Saint-Exemple-sur-Mer"),
        ("/administration/organisations?q=introuvable", "introuvable"),
        ("/administration/organisations/nouvelle", "SIREN"),
        ("/compte", "Comment vous vous connectez"),
        ("/compte/profil", "Téléphone"),
        ("/compte/jetons/nouveau", "Ce qu"),
    ],
)
def test_each_page_of_administration(page, shots, path, said):
    make_person("responder", name="Camille Roux")
    make_organisation("Saint-Exemple-sur-Mer", facts={"postal": ["83990"]}, population=812)
    page.goto(path)
    assert said in page.content()
    looked_at(page, shots, "admin-" + path.strip("/").replace("/", "-").split("=")[-1])


def test_one_person_and_their_roles(page, shots):
    person = make_person("responder", name="Camille Roux")
    page.goto("/administration/personnes")
    page.get_by_role("link", name="Camille Roux").click()
    looked_at(page, shots, "admin-person")
    page.get_by_role("button", name="Fermer le compte").click()
    expect(page.get_by_text("Ce compte est fermé").first).to_be_visible()
    looked_at(page, shots, "admin-person-closed")
    assert person.name in page.content()


def test_tokens_in_a_table(page, shots):
    lead = make_person("lead", name="Aïcha Lebon")
    with atomic(actor_of(lead).scope):
        until = now().replace(year=now().year + 1, day=1)
        api_tokens.make_token(
            actor_of(lead), name="Supervision", scopes=["case:read"], expires_at=until
        )
    page.goto("/compte/jetons")
    looked_at(page, shots, "admin-tokens")

"""An administrator sets the mail connector up, tries it, and sees why it does not answer."""

import re

import pytest
from playwright.sync_api import expect

from tests.desk.connectors.post_office import post_office
from tests.factories.people import make_person
from tests.journeys.looking import looked_at
from tests.journeys.signing_in import signed_in

pytestmark = pytest.mark.journey


@pytest.fixture
def page(phone, app, site):
    boss = make_person("admin", name="Amira Boss")
    return signed_in(phone(viewport={"width": 1280, "height": 860}), app, site, boss)


def test_an_administrator_sets_mail_up(page, shots, tmp_path):
    with post_office(login=("desk", "right")) as office:
        page.goto("/administration/connecteurs")
        looked_at(page, shots, "connectors")
        page.get_by_role("link", name="Courriel (SMTP)").click()
        looked_at(page, shots, "connector-new")
        page.get_by_label("Serveur").fill("127.0.0.1")
        page.get_by_label("Port").fill(str(office.port))
        page.get_by_label("Chiffrement").select_option("none")
        page.get_by_label("Identifiant").fill("desk")
        page.get_by_label("Mot de passe").fill("wrong")
        page.get_by_label("Expéditeur").fill("Centre <alerte@example.org>")
        page.get_by_role("button", name="Enregistrer les réglages").click()
        page.get_by_role("button", name="Essayer la connexion").click()
        expect(page.get_by_text("L’identification est refusée")).to_be_visible()
        looked_at(page, shots, "connector-refused")
        assert page.get_by_label("Mot de passe").input_value() == ""
        expect(page.get_by_text(re.compile("Saisi le .* par Amira Boss"))).to_be_visible()
        page.get_by_label("Mot de passe").fill("right")
        page.get_by_role("button", name="Enregistrer les réglages").click()
        page.get_by_role("button", name="Essayer la connexion").click()
        expect(page.get_by_text(re.compile(r"Joint en \d+ ms"))).to_be_visible()
        looked_at(page, shots, "connector-works")
        page.get_by_role("link", name="Voir ce qui partirait").click()
        page.get_by_role("button", name="Montrer ce qui partirait").click()
        expect(page.locator("pre")).to_contain_text("To: secretariat@example.org")
        looked_at(page, shots, "connector-shown")
        assert office.mails == [], "nothing left"

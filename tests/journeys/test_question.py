"""No attack: a commune asks a question from a phone, and reads the answer on its page."""

import pytest
from playwright.sync_api import expect

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.playbooks import versions
from tests.factories.people import make_organisation, make_person
from tests.journeys.test_declare import go_on

pytestmark = pytest.mark.journey


@pytest.fixture
def page(phone, engine):
    with atomic(SYSTEM):
        versions.publish_shipped()
    make_organisation("Saint-Exemple-sur-Mer", facts={"postal": ["83990"]}, population=812)
    page = phone()
    page.goto("/declarer")
    page.get_by_role("combobox").press_sequentially("saint ex")
    page.get_by_role("option", name="Saint-Exemple-sur-Mer").click()
    go_on(page)
    return page


def test_a_question_is_asked_and_answered_without_alarm(page, desk, picture):
    page.get_by_label("Pas d’attaque").check()
    go_on(page)
    expect(page.get_by_text("Débranchez")).to_have_count(0)
    page.get_by_label("Votre numéro de téléphone").fill("06 12 34 56 78")
    go_on(page)
    page.get_by_label("Mieux protéger la mairie").check()
    page.get_by_label("Écrivez votre question").fill("Quels mots de passe changer ?")
    picture(page, "question-asked")
    for _screen in range(6):
        if "relire" in page.url:
            break
        go_on(page)
        page.wait_for_load_state()
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("C’est reçu")
    page.get_by_role("link", name="Ouvrir mon espace").click()
    page.wait_for_url("**/mon-dossier/*")
    with page.expect_navigation():
        page.get_by_role("link", name="Messages").click()
    reference = page.url.split("/")[-2]
    responder = desk(make_person("responder", name="Camille Roux"))
    responder.goto(f"/desk/cases/{reference}/messages")
    responder.get_by_label("Message à la commune").fill("Ceux des comptes partagés d’abord.")
    responder.get_by_role("button", name="Envoyer à la commune").click()
    expect(page.get_by_text("Ceux des comptes partagés d’abord")).to_be_visible()
    picture(page, "question-answered")
    responder.goto(f"/desk/cases/{reference}")

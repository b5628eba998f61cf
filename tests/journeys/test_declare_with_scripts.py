"""The same secretary with a telephone that runs scripts, and a network that comes and goes."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.models import Declaration
from tests.factories.declarations import RANSOMWARE, answer, begin
from tests.factories.people import make_organisation
from tests.journeys.conftest import PUBLIC
from tests.journeys.looking import looked_at
from tests.journeys.paper import qr_leads_to, words_of
from tests.journeys.test_declare import go_on, press_on, tick, walk_on
from tests.journeys.world import PNG

pytestmark = pytest.mark.journey

HOTLINE = "0 805 036 083"


def answers_of(reference):
    with atomic(SYSTEM) as s:
        wanted = select(Declaration).where(Declaration.reference == reference)
        return dict(s.scalars(wanted).one().answers)


def references():
    with atomic(SYSTEM) as s:
        return [case.reference for case in s.scalars(select(Case))]


def reference_on(page):
    return re.search(r"CD-\w{3}-\w{3}", page.content()).group()


def enter(page, begun):
    """Open the declaration on this telephone, at its next screen."""
    page.goto(f"/d/{begun.token}")
    return page


@pytest.fixture
def here(database):
    make_organisation("Saint-Exemple-le-Vieux", facts={"postal": ["83991"]}, population=93)
    return make_organisation("Saint-Exemple-sur-Mer", facts={"postal": ["83990"]}, population=812)


def test_declare_on_a_phone_whose_network_is_lost_on_the_way(phone, here, shots, picture):
    page = phone()
    page.goto("/declarer")
    picture(page, "declare-start")
    page.get_by_role("combobox", name="Votre commune").press_sequentially("saint ex")
    page.get_by_role("option", name="Saint-Exemple-sur-Mer").click()
    page.context.set_offline(True)
    press_on(page)
    expect(page.get_by_text("Pas de réseau. Rien")).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_value("Saint-Exemple-sur-Mer")
    looked_at(page, shots, "declare-start-offline")
    page.context.set_offline(False)
    page.wait_for_url("**/etape/sees*")
    reference, saved = reference_on(page), page.locator("[data-saved-state]")
    code = re.search(r"\b\d{5} \d{5}\b", page.content()).group()
    picture(page, "declare-reference")
    tick(page, "Un message demande de l", "Plus rien ne s")
    expect(saved).to_contain_text("enregistré à")
    assert answers_of(reference)["sees"], "saved as it goes, before anything was pressed"
    go_on(page)
    picture(page, "declare-advice")

    page.context.set_offline(True)
    page.get_by_label("Votre numéro de téléphone").fill("06 12 34 56 78")
    expect(saved).to_contain_text("hors ligne")
    page.get_by_label("Votre nom").fill("Nadia Prévost")
    press_on(page)
    expect(page.get_by_label("Votre nom")).to_have_value("Nadia Prévost")
    looked_at(page, shots, "declare-offline")
    picture(page, "declare-offline")
    assert "callback_name" not in answers_of(reference)
    page.context.set_offline(False)
    page.wait_for_url("**/etape/ransom*")
    assert answers_of(reference)["callback_name"] == "Nadia Prévost"

    walk_on(page, shots)
    picture(page, "declare-review")
    unreachable(page)
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Pas de réseau. Rien")).to_be_visible()
    assert references() == []
    page.unroute_all()
    expect(page.get_by_role("heading", level=1)).to_contain_text("C’est reçu", timeout=10_000)
    picture(page, "declare-sent")
    assert references() == [reference]
    paper(page, reference, code)
    come_back(page, phone, reference, code)


def unreachable(page):
    """The telephone believes to be online, and nothing it asks for arrives."""
    page.route("**", lambda route: route.abort("connectionrefused"))


def paper(page, reference, code):
    """The sheet to print says how to come back and whom to call."""
    address = page.get_by_role("link", name="Fiche à imprimer").get_attribute("href")
    pdf = page.request.get(address).body()
    said = words_of(pdf)
    for words in (reference, code, HOTLINE, "17", "Débranchez", "Saint-Exemple-sur-Mer"):
        assert words in said
    assert qr_leads_to(pdf, f"{PUBLIC}/reprendre?reference={reference}")


def come_back(page, phone, reference, code):
    """By the private link from one telephone, by what was read out from another."""
    link = page.get_by_role("button", name="Copier le lien privé").get_attribute("data-copy")
    by_link, by_code = phone(), phone()
    by_link.goto(urlsplit(link).path)
    assert by_link.url.endswith(f"/mon-dossier/{reference}")
    by_code.goto("/reprendre")
    by_code.get_by_label("Référence").fill(reference.lower().replace("-", " "))
    by_code.get_by_label("Code").fill(code)
    by_code.get_by_role("button", name="Ouvrir").click()
    by_code.wait_for_url(f"**/mon-dossier/{reference}")


def test_what_was_typed_without_a_network_outlives_the_closed_tab(phone, here):
    page, begun = phone(), begin(here)
    enter(page, begun)
    tick(page, "Un message demande de l")
    expect(page.locator("[data-saved-state]")).to_contain_text("enregistré à")
    page.goto("/declarer/etape/support")
    page.context.set_offline(True)
    page.get_by_label("Autre chose à nous dire").fill("Le serveur est dans la cave.")
    expect(page.locator("[data-saved-state]")).to_contain_text("hors ligne")
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto("/declarer/etape/support")
    expect(again.get_by_label("Autre chose à nous dire")).to_have_value(
        "Le serveur est dans la cave."
    )
    expect(again.locator("[data-saved-state]")).to_contain_text("enregistré à")
    assert answers_of(begun.reference)["words"] == "Le serveur est dans la cave."


def test_in_english_for_a_place_that_is_in_no_list_with_a_photo(phone, here, picture):
    page = phone(locale="en-GB")
    page.goto("/declarer")
    page.get_by_role("combobox").fill("Friends of the old mill")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("That is no obstacle")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Friends of the old mill").first).to_be_visible()
    page.get_by_role("link", name="Add photos or files").click()
    photo = {"name": "screen.png", "mimeType": "image/png", "buffer": PNG}
    page.get_by_label("Files, 100 MB each").set_input_files([photo])
    page.get_by_role("button", name="Send these files").click()
    expect(page.get_by_text("Kept and encrypted: screen.png.")).to_be_visible()
    expect(page.get_by_role("heading", name="Already handed in")).to_be_visible()
    expect(page.locator(".card").get_by_text("screen.png")).to_be_visible()
    page.get_by_role("link", name="Go on").click()
    page.get_by_label("I do not know").first.check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("I have no number").check()
    page.get_by_role("button", name="Send now").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Received")
    expect(page.get_by_text("You gave no number")).to_be_visible()
    assert references() == [reference_on(page)]


def test_it_is_sent_once_however_often_one_presses(phone, here):
    begun = begin(here)
    answer(begun, RANSOMWARE)
    first = enter(phone(), begun)
    first.goto("/declarer/relire")
    second = first.context.new_page()
    second.goto("/declarer/relire")
    first.get_by_role("button", name="Envoyer").dblclick()
    expect(first).to_have_url(re.compile("/declarer/merci$"))
    second.get_by_role("button", name="Envoyer").click()
    expect(second).to_have_url(re.compile("/declarer/merci$"))
    assert references() == [begun.reference]

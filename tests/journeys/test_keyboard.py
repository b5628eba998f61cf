"""A responder handles five cases without a mouse: signs in, looks, takes, answers, writes, hands over."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access.signin.models import Credentials
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case, CaseLink, CaseMessage
from cyberdesk.desk.intel.models import StixObject
from cyberdesk.desk.playbooks import versions
from tests.core.access.authenticators import six_digits
from tests.core.access.journeys import PASSWORD, add_authenticator, give_password
from tests.factories.declarations import RANSOMWARE, make_declaration
from tests.factories.people import make_organisation, make_person, sign_in
from tests.journeys.conftest import DESKTOP, MONDAY
from tests.journeys.keys import Keys
from tests.journeys.looking import looked_at

pytestmark = pytest.mark.journey

PHISHING = {
    "sees": {"sees": ["strange_mail"]},
    "reach": {"callback_phone": ["06 12 34 56 79"]},
}
SITE = {
    "sees": {"sees": ["website"]},
    "reach": {"callback_phone": ["06 39 98 12 30"]},
    "site": {"site_what": ["down"]},
}
PLACES = {
    "Saint-Exemple-sur-Mer": RANSOMWARE,
    "Val-Modèle": SITE,
    "Port-Imaginaire": PHISHING,
    "Mas-Chimère": PHISHING,
    "La Roque-Inventée": SITE,
}


@pytest.fixture
def places(app, engine):
    """Five communes have declared since dawn; by their name, the reference of their case."""
    with atomic(SYSTEM):
        versions.publish_shipped()
    found = {}
    for minutes, (name, told) in enumerate(PLACES.items()):
        with clock.using(clock.still(MONDAY - timedelta(minutes=50 - 5 * minutes))):
            found[name] = make_declaration(make_organisation(name), told)[0].reference
    return found


@pytest.fixture
def camille(app):
    """A responder with a password, and the key of the application on their telephone."""
    person = give_password(make_person("responder", name="Camille Roux", email="c@example.org"))
    make_person("responder", name="Idir Benali")
    key = add_authenticator(sign_in(app.test_client(), person))
    with atomic(SYSTEM) as session:
        session.get(Credentials, person.id).totp_counter = None
    return person, key


@pytest.fixture
def keys(phone, camille, places):
    """Camille's keyboard, on the sign-in page."""
    page = phone(viewport=DESKTOP)
    page.goto("/connexion?lang=fr")
    return Keys(page)


def come_in(keys: Keys, key: str) -> None:
    keys.fill("Adresse de courriel", "c@example.org")
    keys.fill("Mot de passe", PASSWORD)
    with keys.page.expect_navigation():
        keys.press("Enter")
    keys.tab_to("Code")
    keys.type(six_digits(key))
    with keys.page.expect_navigation():
        keys.press("Enter")
    keys.page.wait_for_url("**/desk**")


def case_of(reference: str) -> Case:
    with atomic(SYSTEM):
        return session().scalars(select(Case).where(Case.reference == reference)).one()


def focus(page) -> str:
    return page.evaluate("document.activeElement.id")


def row(page, reference: str):
    return page.locator(f"#row-{reference}")


def test_five_cases_without_a_mouse(keys, camille, places, shots):
    page = keys.page
    looked_at(page, shots, "keys-sign-in")
    come_in(keys, camille[1])
    first, site, third, fourth, last = places.values()
    _learn_the_keys(keys)
    _look_for_what_is_free(keys)
    _take_from_the_queue(keys, first)
    _answer_and_write(keys, first)
    _note_what_was_seen(keys, first)
    _hand_over(keys, site)
    _link(keys, third, fourth)
    _call_for_the_lead(keys, last)
    keys.go("f")
    expect(page.get_by_role("heading", name="File des dossiers")).to_be_visible()


def _learn_the_keys(keys):
    keys.press("?")
    sheet = keys.page.get_by_role("dialog", name="Clavier")
    expect(sheet).to_be_visible()
    for words in ("prendre le dossier", "les autres gestes", "revenir à la file"):
        expect(sheet.get_by_text(words)).to_be_visible()
    keys.press("j")
    expect(sheet, "keys sleep while the sheet is open").to_be_visible()
    keys.press("Escape")
    expect(sheet).to_be_hidden()


def _look_for_what_is_free(keys):
    page = keys.page
    keys.press("/")
    assert keys.here()["type"] == "search"
    keys.press("Escape")
    keys.tab_to("Filtres", tag="summary")
    keys.press("Enter")
    keys.tab_to("Qui l’a")
    keys.type("personne")
    keys.enter("Afficher")
    expect(page.locator("[data-row]")).to_have_count(len(PLACES))
    keys.fill("Nom de la vue", "À prendre ce matin")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_role("link", name="À prendre ce matin")).to_have_attribute(
        "aria-current", "true"
    )


def _take_from_the_queue(keys, reference):
    """The worst is first; taking it leaves one on its line."""
    page = keys.page
    keys.press("j")
    assert focus(page) == f"to-{reference}"
    keys.press("p")
    expect(page.get_by_text(f"{reference} est à vous")).to_be_visible()
    expect(row(page, reference)).to_contain_text("Vous")
    expect(page.get_by_text("Il y a du nouveau ici")).to_be_visible()
    assert focus(page) == f"to-{reference}", "one stays on the line, though it waits for nobody now"
    with page.expect_navigation():
        keys.press("Enter")
    assert page.url.endswith(reference)


def _answer_and_write(keys, reference):
    page = keys.page
    keys.go("r")
    assert "/tasks/" in page.url
    keys.into()
    while keys.here()["name"] != "Fait":
        keys.press("Tab")
        one = keys.here()
        assert one["visible"]
        if one["type"] == "radio":
            keys.press("Space")
    with page.expect_navigation():
        keys.press("Enter")
    page.goto(f"/desk/cases/{reference}")
    keys.go("m")
    expect(page.get_by_label("Message à la commune")).to_be_focused()
    keys.type("Bonjour, le réseau est-il débranché ?")
    keys.enter("Envoyer à la commune")
    keys.go("n")
    expect(page.get_by_label("Note interne", exact=True)).to_be_focused()
    keys.type("Seule sur place, calme.")
    keys.enter("Garder la note")
    with atomic(SYSTEM):
        said = session().scalars(select(CaseMessage).order_by(CaseMessage.at)).all()
        assert [one.body for one in said][-2:] == [
            "Bonjour, le réseau est-il débranché ?",
            "Seule sur place, calme.",
        ]


def _note_what_was_seen(keys, reference):
    page = keys.page
    tabs = page.locator("[data-key]", has_text=re.compile("^Observables"))
    keys.go(tabs.get_attribute("data-key"))
    keys.into()
    keys.fill("Des valeurs", "hxxps://paiement-mairie[.]example/login")
    keys.enter("Lire", tag="button")
    keys.into()
    keys.enter("Ajouter")
    expect(page.get_by_text("hxxps://paiement-mairie[.]example/login").first).to_be_visible()
    with atomic(SYSTEM):
        assert session().scalars(select(StixObject)).first() is not None


def _open(keys, reference):
    """Back to the queue, search, open."""
    keys.go("f")
    keys.press("/")
    keys.type(reference)
    with keys.page.expect_navigation():
        keys.press("Enter")
    keys.press("j")
    with keys.page.expect_navigation():
        keys.press("Enter")
    assert keys.page.url.endswith(reference)


def _act(keys, name):
    """Open the menu of the other acts, and choose one."""
    keys.press("a")
    keys.press("Escape")
    assert keys.page.locator("details.menu[open]").count() == 0
    keys.press("a")
    keys.enter(name)
    keys.into()


def _hand_over(keys, reference):
    _open(keys, reference)
    keys.go("p")
    _act(keys, "Passer la main")
    keys.tab_to("À qui")
    keys.type("Idir")
    keys.fill("Que doit savoir", "Le site est revenu, l’hébergeur surveille.")
    keys.enter("Passer la main")
    assert case_of(reference).owner_name == "Idir Benali"


def _link(keys, reference, other):
    _open(keys, reference)
    keys.go("p")
    _act(keys, "Lier")
    keys.fill("Référence", other)
    keys.fill("Pourquoi", "Le même courriel, à une heure d’écart.")
    keys.enter("Lier")
    with atomic(SYSTEM):
        assert session().scalars(select(CaseLink)).one().other.reference == other


def _call_for_the_lead(keys, reference):
    _open(keys, reference)
    _act(keys, "Demander le responsable")
    keys.fill("Pourquoi", "Élection dimanche, le site est celui des résultats.")
    keys.enter("Demander le responsable")
    assert case_of(reference).escalated_at is not None

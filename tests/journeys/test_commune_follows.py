"""A commune follows its case on a phone while a responder works on it at a desk: each sees the other."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from cyberdesk.core import clock
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import live
from cyberdesk.desk.cases.live import Subscription
from cyberdesk.desk.playbooks import versions
from tests.factories.declarations import RANSOMWARE, answer, begin, renew, send
from tests.factories.people import make_organisation, make_person
from tests.journeys.conftest import MONDAY
from tests.journeys.looking import looked_at
from tests.journeys.world import PNG

pytestmark = pytest.mark.journey

PHOTO = {"name": "rançon.png", "mimeType": "image/png", "buffer": PNG}
UNSURE = {"known_since": ["unknown"], "since": ["last_night"]}
CALLED_BACK = {  # what the responder learns on the telephone
    "De quoi s’agit-il": "Un rançongiciel",
    "Est-ce que cela avance": "Non",
    "annuaire": "Oui",
    "La mairie est-elle reliée": "Je ne sais pas",
    "Un service aux habitants": "Oui",
    "données ont été copiées": "Oui",
}


@pytest.fixture
def declared(engine):
    """A ransomware that a commune of 812 took four minutes to declare; its procedure has begun."""
    with atomic(SYSTEM):
        versions.publish_shipped()
    town = make_organisation("Saint-Exemple-sur-Mer", population=812)
    with clock.using(clock.still(MONDAY - timedelta(minutes=4))):
        begun = begin(town)
        answer(begun, RANSOMWARE | {"dates": UNSURE})
    send(begun)
    return renew(begun)


@pytest.fixture
def commune(phone, declared):
    page = phone()
    page.goto(f"/d/{declared.token}")
    page.wait_for_url("**/mon-dossier/*")
    return page


@pytest.fixture
def responder(desk, declared):
    page = desk(make_person("responder", name="Camille Roux"))
    page.goto(f"/desk/cases/{declared.reference}")
    return page


def turn(page, tab):
    """Go to another page of the case, by its tab."""
    with page.expect_navigation():
        page.get_by_role("navigation").get_by_role("link", name=re.compile(f"^{tab}")).click()


def task(page, title):
    return page.locator(".task", has=page.get_by_role("heading", name=re.compile(title)))


def told(page, words):
    """The line of the timeline that says so."""
    return page.locator(".timeline p", has_text=words)


def call_back(responder):
    """Do the responder's own task: the call, and what it taught."""
    responder.get_by_role("link", name=re.compile("^Rappeler Saint-Exemple")).first.click()
    for question, said in CALLED_BACK.items():
        group = responder.get_by_role("group", name=re.compile(question))
        group.get_by_label(said, exact=True).check()
    responder.get_by_role("button", name="Fait", exact=True).click()


def test_tasks_are_answered_and_nothing_moves_what_is_typed(commune, responder, shots, picture):
    expect(commune.get_by_text("Le centre va vous rappeler")).to_be_visible()
    expect(commune.get_by_role("link", name="Débrancher le réseau")).to_be_visible()
    looked_at(commune, shots, "space-state")
    picture(commune, "space-state")
    turn(commune, "À faire")
    turn(responder, "Chronologie")
    picture(commune, "space-task")
    task(commune, "Débrancher le réseau").get_by_role("button", name="Fait").click()
    expect(commune.get_by_text("C’est noté")).to_be_visible()
    expect(told(responder, "Débrancher le réseau, sans éteindre — Fait")).to_be_visible()

    backups = task(commune, "Débrancher les sauvegardes")
    backups.get_by_text("Je l’ai fait au téléphone").click()
    backups.get_by_label("Parlé à qui").fill("Yann, le prestataire")
    turn(responder, "Dossier")
    call_back(responder)
    expect(commune.get_by_text("Il y a du nouveau ici")).to_be_visible()
    expect(commune.get_by_label("Parlé à qui")).to_have_value("Yann, le prestataire")
    picture(commune, "space-news")
    commune.get_by_role("button", name="Afficher").click()
    expect(commune.locator(".task-now")).not_to_have_count(1)
    expect(backups.get_by_label("Parlé à qui")).to_have_value("Yann, le prestataire")
    looked_at(commune, shots, "space-todo")

    backups.get_by_label("À quelle heure").fill("07:55")
    backups.get_by_role("button", name="Pas possible ici").click()
    turn(responder, "Chronologie")
    expect(told(responder, "Débrancher les sauvegardes — Pas possible ici")).to_be_visible()
    expect(responder.get_by_text("Appel à 07:55, parlé à Yann")).to_be_visible()
    third = commune.locator(".task-now").first
    title = third.locator(".task-title").inner_text().partition("\n")[2]
    third.get_by_role("button", name="Je ne sais pas").click()
    expect(told(responder, f"{title} — Je ne sais pas")).to_be_visible()


def test_messages_and_files_go_both_ways_at_once(commune, responder, shots, picture):
    turn(commune, "Messages")
    turn(responder, "Messages")
    commune.get_by_label("Votre message").fill("Le standard sonne")
    responder.get_by_label("Message à la commune").fill("Bonjour, le réseau est-il débranché ?")
    responder.get_by_role("button", name="Envoyer à la commune").click()
    expect(commune.get_by_text("le réseau est-il débranché")).to_be_visible()
    expect(commune.get_by_label("Votre message")).to_have_value("Le standard sonne")
    commune.reload()
    expect(commune.get_by_label("Votre message")).to_have_value("Le standard sonne")
    expect(commune.get_by_text("tapé sans l’envoyer est revenu")).to_be_visible()
    looked_at(commune, shots, "space-thread-typed")
    commune.get_by_label("Votre message").fill("Oui, depuis 7 h 10. Le standard sonne.")
    commune.get_by_role("button", name="Envoyer le message").click()
    expect(responder.get_by_text("Oui, depuis 7 h 10.")).to_be_visible()
    expect(commune.get_by_label("Votre message")).to_have_value("")
    looked_at(commune, shots, "space-thread")
    picture(commune, "space-messages")
    turn(commune, "Fichiers")
    turn(responder, "Fichiers")
    commune.get_by_label("Fichiers, 100 Mo").set_input_files([PHOTO])
    commune.get_by_role("button", name="Envoyer ces fichiers").click()
    expect(commune.get_by_role("link", name="rançon.png", exact=True)).to_be_visible()
    expect(responder.get_by_role("link", name="rançon.png").first).to_be_visible()
    looked_at(commune, shots, "space-files")
    responder.get_by_role("link", name=re.compile("^Messages")).click()
    responder.get_by_label("Message à la commune").fill("Photo bien reçue, merci.")
    responder.get_by_role("button", name="Envoyer à la commune").click()
    expect(commune.get_by_role("link", name="Messages 1")).to_be_visible()


def test_the_deadlines_of_the_law_begin_when_it_is_known_who_knew(commune, responder, picture):
    running = commune.locator(".clock", has_text="Notifier la violation de données")
    expect(running).to_contain_text(
        "jeu. 26 nov. 07:36"
    )  # at the latest when they began to declare
    reference = responder.url.rpartition("/")[2]
    responder.goto(f"/desk/cases/{reference}/awareness")
    responder.get_by_label("Quand la commune l’a-t-elle su").fill("2026-11-23T07:10")
    responder.get_by_label("Qui a remarqué quoi").fill("La secrétaire, en arrivant.")
    responder.get_by_role("button", name="Consigner définitivement").click()
    expect(running).to_contain_text("jeu. 26 nov. 07:10")
    expect(running).to_contain_text("reste 71")
    turn(commune, "Pour le maire")
    expect(commune.get_by_text("La commune ne paie pas de rançon")).to_be_visible()
    picture(commune, "space-mayor")


def test_a_page_that_is_refused_a_stream_asks_by_itself(phone, declared, responder):
    crowd = [
        live.watch.open(Subscription(f"link:{n}", (), (), None, guest=True))
        for n in range(live.MOST_GUESTS)
    ]
    page = phone()
    page.add_init_script(HASTY)
    page.goto(f"/d/{declared.token}")
    turn(page, "Messages")
    turn(responder, "Messages")
    responder.get_by_label("Message à la commune").fill("Nous arrivons.")
    responder.get_by_role("button", name="Envoyer à la commune").click()
    expect(page.get_by_text("Nous arrivons.")).to_be_visible()
    for one in crowd:
        live.watch.close(one)


# Twenty seconds of patience are one here.
HASTY = "const wait = setInterval; window.setInterval = (act, pause) => wait(act, pause / 20)"

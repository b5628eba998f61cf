"""Two responders have the same case open: each sees what the other does, and nobody loses a word."""

import re

import pytest
from playwright.sync_api import Page, expect

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.playbooks import versions
from tests.factories.declarations import make_declaration
from tests.factories.people import actor_of, make_organisation, make_person
from tests.journeys.looking import looked_at
from tests.journeys.relay import Relay

pytestmark = pytest.mark.journey
SOON = 3_000  # milliseconds: a second or two, and one for a loaded machine
HALF = "Bonjour, je vous rappelle dans dix min"


@pytest.fixture
def reference(engine):
    with atomic(SYSTEM):
        versions.publish_shipped()
    return make_declaration(make_organisation("Saint-Exemple-sur-Mer"))[0].reference


@pytest.fixture
def people():
    return {name: make_person("responder", name=name) for name in ("Camille Roux", "Idir Benali")}


@pytest.fixture
def camille(desk, people) -> Page:
    return desk(people["Camille Roux"])


@pytest.fixture
def idir(desk, people) -> Page:
    return desk(people["Idir Benali"])


@pytest.fixture
def wire(site):
    relay = Relay(site)
    yield relay
    relay.cut()


def note(person, reference, words) -> None:
    """Somebody writes a note on the case, wherever they are."""
    who = actor_of(person)
    with atomic(who.scope):
        cases.add_note(who, cases.access_case(who, reference), body=words)


def loads(page: Page) -> list[str]:
    """What the page loads anew, from now on."""
    seen: list[str] = []
    page.on("framenavigated", lambda frame: seen.append(frame.url))
    return seen


def test_what_one_does_the_other_sees_while_writing(camille, idir, reference, shots):
    camille.goto(f"/desk/cases/{reference}")
    idir.goto(f"/desk/cases/{reference}/messages")
    reloaded = loads(idir)
    field = idir.get_by_label("Message à la commune")
    field.press_sequentially(HALF)

    camille.get_by_role("button", name="Prendre").click()
    expect(idir.locator("#part-state").get_by_text("Camille Roux")).to_be_visible(timeout=SOON)
    camille.goto(f"/desk/cases/{reference}/messages#note-form")
    camille.get_by_label("Note interne", exact=True).fill("Le maire est joignable à 9 h.")
    camille.get_by_role("button", name="Garder la note").click()
    expect(idir.get_by_text("Le maire est joignable à 9 h.")).to_be_visible(timeout=SOON)
    expect(field).to_be_focused()
    expect(field).to_have_value(HALF)
    assert field.evaluate("field => field.selectionStart") == len(HALF), "the caret has not moved"
    assert reloaded == []
    looked_at(idir, shots, "live-messages")

    field.focus()
    field.press("End")
    field.press_sequentially("utes.")
    idir.get_by_role("button", name="Envoyer à la commune").click()
    expect(camille.get_by_text(f"{HALF}utes.")).to_be_visible(timeout=SOON)


def test_what_one_writes_in_what_changes_is_kept(camille, idir, reference, shots):
    """Both are at the tasks: what the other answers is offered, and taken in when one wants."""
    for page in (camille, idir):
        page.goto(f"/desk/cases/{reference}")
    ours = idir.locator(".task", has=idir.get_by_role("heading", name=re.compile("Rappeler")))
    ours.get_by_text("Le faire et répondre").click()
    ours.get_by_text("Ajouter une note").click()
    written = ours.get_by_label("Note", exact=True)
    written.press_sequentially("Mme Prévost, 7 h 52, ")

    camille.get_by_role("link", name=re.compile("^Débrancher le réseau")).first.click()
    camille.get_by_role("button", name="Fait", exact=True).click()
    expect(idir.get_by_text("Il y a du nouveau ici")).to_be_visible(timeout=SOON)
    expect(written).to_be_focused()
    written.press_sequentially("très calme.")
    looked_at(idir, shots, "live-news")
    idir.get_by_role("button", name="Afficher").click()
    expect(
        idir.get_by_role("heading", name=re.compile("Débrancher les sauvegardes"))
    ).to_be_visible()
    expect(written).to_have_value("Mme Prévost, 7 h 52, très calme.")


def test_the_queue_tells_who_took_what(camille, idir, reference):
    for page in (camille, idir):
        page.goto("/desk")
    reloaded = loads(idir)
    camille.locator(f"#row-{reference}").get_by_role("button", name="Prendre").click()
    row = idir.locator(f"#row-{reference}")
    expect(row.get_by_text("Camille Roux")).to_be_visible(timeout=SOON)
    expect(row.get_by_role("button", name="Prendre")).to_have_count(0)
    assert reloaded == []


def test_where_the_stream_is_refused_the_page_asks(idir, people, reference):
    """A proxy that lets no stream through: the page falls back to asking every twenty seconds."""
    idir.route(re.compile("/live"), lambda route: route.fulfill(status=503))
    idir.clock.install()
    idir.goto(f"/desk/cases/{reference}/messages")
    note(people["Camille Roux"], reference, "Vu avec le prestataire.")
    seen = idir.get_by_text("Vu avec le prestataire.")
    idir.clock.run_for(5_000)
    expect(seen).to_have_count(0)
    idir.clock.run_for(20_000)
    expect(seen).to_be_visible()


def test_once_the_server_is_back_the_page_catches_up(idir, people, reference, wire):
    idir.goto(f"{wire.address}/desk/cases/{reference}/messages")
    reloaded = loads(idir)
    note(people["Camille Roux"], reference, "Avant la coupure.")
    expect(idir.get_by_text("Avant la coupure.")).to_be_visible(timeout=SOON)
    wire.cut()
    note(people["Camille Roux"], reference, "Pendant la coupure.")
    idir.wait_for_timeout(1_500)
    expect(idir.get_by_text("Pendant la coupure.")).to_have_count(0)
    wire.mend()
    expect(idir.get_by_text("Pendant la coupure.")).to_be_visible(timeout=15_000)
    note(people["Camille Roux"], reference, "Après la coupure.")
    expect(idir.get_by_text("Après la coupure.")).to_be_visible(timeout=SOON)
    assert reloaded == []

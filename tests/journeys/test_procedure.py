"""A responder follows a playbook by keyboard, steers it, and takes up what nothing moves."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from cyberdesk.core import clock
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs.models import Message
from cyberdesk.core.letters import write
from cyberdesk.desk.playbooks import service, versions
from tests.desk.cases.conftest import HOUSE
from tests.desk.playbooks.conftest import bench, deeds, lost_effect, world  # noqa: F401
from tests.desk.playbooks.test_asking import ASKS, STEPS
from tests.desk.playbooks.written import playbook
from tests.journeys.looking import looked_at
from tests.journeys.paper import words_of
from tests.journeys.signing_in import signed_in

pytestmark = pytest.mark.journey
HOUSE_STEPS = "a: {do: deed.fold, with: {mode: down}}\n"


@pytest.fixture
def page(phone, app, site, world):  # noqa: F811
    return signed_in(
        phone(viewport={"width": 1280, "height": 860}), app, site, world.people["lead"]
    )


@pytest.fixture
def case(bench):  # noqa: F811
    """The case with the shipped procedure for its type under way."""
    with atomic(SYSTEM):
        versions.publish_shipped()
        held = bench.case()
        service.start_run(bench.world.lead, held)
        return f"/desk/cases/{held.reference}"


def test_a_responder_follows_and_steers_a_procedure_by_keyboard(page, case, bench, shots):  # noqa: F811
    page.goto(f"{case}/procedure?lang=fr")
    expect(page.get_by_text("attend la réponse de la mairie depuis").first).to_be_visible()
    looked_at(page, shots, "procedure")
    pause = page.get_by_role("link", name="Mettre en pause")
    pause.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Pourquoi").fill("La mairie est fermée jusqu’à 14 h.")
    looked_at(page, shots, "procedure-pause")
    page.get_by_role("button", name="Mettre en pause").click()
    expect(page.get_by_text("En pause depuis").first).to_be_visible()
    page.get_by_role("link", name="Reprendre la procédure").click()
    page.get_by_role("button", name="Reprendre la procédure").click()
    page.locator(".flow-title a", has_text="Débrancher le réseau").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/steps/*")
    expect(page.get_by_role("link", name="Sauter cette étape")).to_be_visible()
    looked_at(page, shots, "procedure-step")
    page.get_by_role("link", name="Démarrer").count()
    page.goto(f"{case}/procedure/start?lang=fr")
    looked_at(page, shots, "procedure-start")


def test_a_playbook_asks_what_it_must_be_told_before_it_begins(page, bench, shots):  # noqa: F811
    with atomic(SYSTEM):
        versions.publish(HOUSE, source=playbook(STEPS, name="trial", more=ASKS))
        case = f"/desk/cases/{bench.case().reference}/procedure"
    page.goto(f"{case}/start?lang=fr")
    page.get_by_role("radio", name="Essai").check()
    page.get_by_label("Pourquoi").fill("La paie est arrêtée.")
    page.get_by_role("button", name="Démarrer").click()
    page.get_by_label("Quel service").fill("Paie")
    page.get_by_label("Combien de postes").fill("douze")
    looked_at(page, shots, "procedure-asks")
    page.get_by_role("button", name="Démarrer").click()
    expect(page.get_by_text("Écrivez un nombre").first).to_be_visible()
    expect(page.get_by_label("Pourquoi")).to_have_value("La paie est arrêtée.")
    page.get_by_label("Combien de postes").fill("12")
    page.get_by_role("button", name="Démarrer").click()
    expect(page.get_by_text("La procédure a commencé").first).to_be_visible()
    with atomic(SYSTEM):
        (run,) = service.runs_of(bench.case())
        held = run.state["contexts"][""]["vars"]
    assert (held["service"], held["hosts"]) == ("Paie", 12)


def test_an_open_page_follows_the_run_by_itself(page, case, bench):  # noqa: F811
    page.goto(f"{case}/procedure?lang=fr")
    page.wait_for_selector(".flow-step.is-now")
    bench.answer("all/gestures/unplug")
    page.wait_for_selector(".flow-step.is-done", timeout=15_000)
    box = page.locator(".graph-box.is-done")
    assert box.count() >= 1


def test_the_library_reads_on_paper_and_on_a_phone(page, case, shots):
    page.goto("/desk/procedures?lang=fr")
    looked_at(page, shots, "library")
    page.get_by_role("link", name="Rançongiciel").click()
    looked_at(page, shots, "library-playbook")
    page.emulate_media(media="print")
    assert page.locator(".graph:not(.graph-sheet)").first.is_hidden()
    expect(page.locator(".graph-sheet").first).to_be_visible()
    expect(page.get_by_text("Débrancher le réseau, sans éteindre").first).to_be_visible()
    printed = words_of(page.pdf(prefer_css_page_size=True))
    step = "Débrancher les sauvegardes"
    beside = printed.count(f"Appeler la commune pour « {step} »")
    assert beside, "what is folded away on the screen is on paper"
    assert printed.count(step) - beside == 2, "once in the list, once in the picture"


def test_what_nothing_moves_is_taken_up(page, bench, deeds, shots):  # noqa: F811
    lost_effect(bench)
    run_id = bench.start(HOUSE_STEPS, exception=False, name="failing")
    bench.wake(run_id)
    with atomic(SYSTEM):
        case = bench.case()
        write("message-waiting", to="m@example.org", case=case, reference=case.reference)
        letter = select(Message.id).where(Message.topic == "letter:send").limit(1)
        failed = {"failed_at": clock.now(), "last_error": "ConnectorError: 550 refusé"}
        session().execute(update(Message).where(Message.id.in_(letter)).values(**failed))
    page.goto("/desk/surveillance?lang=fr")
    looked_at(page, shots, "watch")
    page.get_by_role("link", name="À reprendre").click()
    looked_at(page, shots, "watch-dead")
    page.get_by_role("link", name="Dire si cela a eu lieu").first.click()
    page.get_by_label("Oui").check()
    page.get_by_label("Comment le savez-vous").fill("Le prestataire l’a reçu.")
    looked_at(page, shots, "watch-verify")
    page.get_by_role("button", name="Dire si cela a eu lieu").click()
    assert bench.waits(run_id) == {}
    page.goto("/desk/surveillance/a-reprendre?lang=fr")
    page.get_by_role("link", name="Abandonner").click()
    page.get_by_label("Pourquoi").fill("Prévenu par téléphone.")
    page.get_by_role("button", name="L’abandonner").click()
    expect(page.get_by_text("Abandonné, avec votre raison.")).to_be_visible()
    assert Path(deeds).parent.exists()

"""An author writes a playbook from nothing, mends it, rehearses and publishes it, and it runs."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.playbooks import drafts
from cyberdesk.desk.playbooks.models import PlaybookDraft, Run
from tests.desk.playbooks.conftest import bench, deeds, world  # noqa: F401
from tests.journeys.looking import looked_at
from tests.journeys.signing_in import signed_in

pytestmark = pytest.mark.journey
STEP = """
  second:
    task: {fr: Prévenir, en: Warn}
    whom: commune"""
BETWEEN = """  between:
    task: {fr: Souffler, en: Breathe}
    who: commune
"""


@pytest.fixture
def page(phone, app, site, world):  # noqa: F811
    return signed_in(
        phone(viewport={"width": 1280, "height": 860}), app, site, world.people["lead"]
    )


def kept(page: Page) -> str:
    page.keyboard.press("Control+s")
    expect(page.locator("[data-editor-state]")).to_have_attribute("data-state", "kept")
    with atomic(SYSTEM):
        open_one = select(PlaybookDraft).where(PlaybookDraft.ended_at.is_(None))
        return session().scalars(open_one).one().source


def goes_over(page: Page, shots, reference: str) -> None:
    """Write the next version of the playbook, and take the case over to it."""
    page.goto("/desk/procedures/notre_procedure?lang=fr")
    page.get_by_role("button", name="Écrire une nouvelle version").click()
    page.get_by_role("textbox", name="Texte de la procédure").get_by_text("second:").click()
    page.keyboard.press("Home")
    page.keyboard.press("Home")
    page.keyboard.insert_text(BETWEEN)
    expect(page.locator("[data-editor-picture]").get_by_text("Souffler").first).to_be_visible()
    kept(page)
    page.get_by_role("link", name="Publier").click()
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("Publiée : les nouveaux")).to_be_visible()
    page.goto(f"/desk/cases/{reference}/procedure?lang=fr")
    page.get_by_role("link", name="Continuer dans une autre version").click()
    expect(page.get_by_role("heading", name="Reste en l’état")).to_be_visible()
    page.get_by_label("Pourquoi").fill("Une étape manquait.")
    looked_at(page, shots, "author-goes-over")
    page.get_by_role("button", name="Continuer dans une autre version").click()
    expect(page.get_by_text("La procédure continue dans l’autre version.")).to_be_visible()
    expect(page.get_by_text("Souffler").first).to_be_visible()


def test_a_playbook_is_written_mended_rehearsed_published_and_run(
    page,
    bench,  # noqa: F811
    shots,
    picture,
) -> None:
    page.goto("/desk/procedures?lang=fr")
    page.get_by_role("button", name="Nouvelle procédure").click()
    text = page.get_by_role("textbox", name="Texte de la procédure")
    expect(text).to_be_visible()
    expect(page.get_by_text("porte encore le nom du modèle")).to_be_visible()
    page.locator(".cm-line", has_text="my_playbook").click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.insert_text("playbook: notre_procedure")
    expect(page.get_by_text("Rien à corriger")).to_be_visible()

    # A step typed at its place, with a key that does not exist.
    text.get_by_text("how:").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.insert_text(STEP)
    fault = page.locator("[data-editor-faults]").get_by_text("Clé inconnue « whom »")
    expect(fault).to_be_visible()
    page.keyboard.press("Home")
    page.keyboard.press("Home")
    expect(page.locator(".cm-lint-marker-error").first).to_be_visible()
    picture(page, "authors-editor")
    looked_at(page, shots, "author-fault")
    assert "whom: commune" in kept(page), "a text with faults is kept as well"

    # The finding leads to its line; the key is completed as it is typed.
    page.locator("[data-editor-faults] li", has_text="whom").get_by_role("link").click()
    expect(text).to_be_focused()
    page.keyboard.press("Shift+End")
    page.keyboard.type("wh")
    offered = page.locator(".cm-tooltip-autocomplete li")
    expect(offered.filter(has_text="who")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.type("o: commune")
    expect(page.get_by_text("Rien à corriger")).to_be_visible()
    expect(page.locator("[data-editor-picture]").get_by_text("Prévenir").first).to_be_visible()
    assert "    who: commune" in kept(page)

    page.get_by_role("link", name="Répétition").click()
    expect(page.get_by_text("La procédure finit")).to_be_visible()
    picture(page, "authors-rehearsal")
    page.get_by_role("link", name="Texte", exact=True).click()
    page.get_by_role("link", name="Publier").click()
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("Publiée : les nouveaux")).to_be_visible()

    with atomic(SYSTEM):
        reference = bench.case().reference
    page.goto(f"/desk/cases/{reference}/procedure/start")
    page.get_by_role("radio", name="De quoi il s’agit").check()
    page.get_by_label("Pourquoi").fill("Elle convient.")
    page.get_by_role("button", name="Démarrer").click()
    expect(page.get_by_text("Ce qu’il faut faire").first).to_be_visible()
    with atomic(SYSTEM):
        assert session().scalars(select(Run.name)).one() == "notre_procedure"

    goes_over(page, shots, reference)


def test_what_somebody_else_has_changed_is_said_and_nothing_is_lost(page, bench) -> None:  # noqa: F811
    responder = bench.world.responder
    with atomic(responder.scope):
        row = drafts.begin(responder, source="playbook: mine\n")
    page.goto(f"/desk/playbook-drafts/{row.id}?lang=fr")
    text = page.get_by_role("textbox", name="Texte de la procédure")
    text.click()
    with atomic(responder.scope):
        held = drafts.access_draft(responder, row.id)
        drafts.change(responder, held, source="playbook: theirs\n", number=1)
    page.keyboard.insert_text("# à moi\n")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("quelqu’un d’autre a modifié")).to_be_visible()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("a modifié ce brouillon entre-temps")).to_be_visible()
    expect(page.locator(".source-diff .is-added", has_text="theirs")).to_be_visible()
    expect(text).to_contain_text("# à moi")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_load_state()
    with atomic(SYSTEM):
        assert "# à moi" in session().get_one(PlaybookDraft, row.id).source


def test_without_scripts_the_text_is_checked_and_kept(phone, app, site, world, bench) -> None:  # noqa: F811
    plain = signed_in(phone(scripts=False), app, site, world.people["lead"])
    with atomic(bench.world.lead.scope):
        row = drafts.begin(bench.world.lead, source="playbook: mine\n")
    plain.goto(f"/desk/playbook-drafts/{row.id}?lang=fr")
    plain.get_by_label("Texte de la procédure").fill("playbook: Mine\n")
    plain.get_by_role("button", name="Vérifier").click()
    expect(plain.get_by_text("Attendu : a-z, 0-9, _.")).to_be_visible()
    plain.get_by_role("button", name="Enregistrer").click()
    expect(plain.get_by_label("Texte de la procédure")).to_have_value("playbook: Mine\n")
    with atomic(SYSTEM):
        assert session().get_one(PlaybookDraft, row.id).source.startswith("playbook: Mine")

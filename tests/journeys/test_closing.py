"""A case is closed with what was found and a letter, opened again, and nothing of it is lost."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.base import Base
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case, CaseEnding
from cyberdesk.desk.playbooks import versions
from tests.factories.declarations import make_declaration
from tests.factories.people import make_organisation, make_person
from tests.journeys.looking import looked_at
from tests.journeys.paper import words_of

pytestmark = pytest.mark.journey
LESSON = "Des sauvegardes hors du réseau, essayées chaque mois."
LOST = "Trois jours de saisie de la paie."
# What comes and goes by design: marks of reading, deliveries, sessions, places of the queue.
PASSING = {"outbox", "case_readings", "sessions", "kept_answers", "paces"}


@pytest.fixture
def declared(engine):
    with atomic(SYSTEM):
        versions.publish_shipped()
    return make_declaration(make_organisation("Saint-Exemple-sur-Mer"))[0]


@pytest.fixture
def responder(desk, declared):
    page = desk(make_person("responder", name="Camille Roux"))
    page.goto(f"/desk/cases/{declared.reference}")
    return page


@pytest.fixture
def commune(phone, declared):
    page = phone()
    page.goto(f"/d/{declared.token}")
    return page


def counts() -> dict[str, int]:
    """How many rows each table holds that belongs to cases."""
    tables = [one for one in Base.metadata.sorted_tables if "case_id" in one.columns]
    with atomic(SYSTEM):
        return {
            one.name: session().scalar(select(func.count()).select_from(one))
            for one in tables
            if one.name not in PASSING
        }


def act(page, name):
    page.locator("details.menu > summary").click()
    page.locator(".menu-sheet").get_by_role("link", name=name, exact=True).click()


def pdf_of(page, link) -> str:
    answer = page.request.get(link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    return words_of(answer.body())


def test_it_is_closed_with_its_letter_and_opened_again(responder, commune, declared, shots):
    before = counts()
    _close(responder, shots)
    _what_the_desk_sees(responder, declared)
    _what_the_commune_reads(commune, shots)
    _reopen(responder, shots)
    expect(commune.get_by_text("Ce dossier est clos")).to_be_hidden(timeout=20_000)
    after = counts()
    assert {name: held for name, held in before.items() if after[name] < held} == {}
    with atomic(SYSTEM):
        ending = session().scalars(select(CaseEnding)).one()
        assert (ending.determination, ending.found["lessons"]) == ("confirmed", LESSON)
        assert ending.reopened_at is not None
        assert session().scalars(select(Case)).one().is_open


def _close(page, shots):
    act(page, "Clore le dossier")
    letter = page.get_by_label("Lettre à la commune")
    assert "[À compléter" in letter.input_value(), "the draft says what only a person knows"
    page.get_by_label("Incident traité").check()
    page.get_by_label("Ce qui a été établi").select_option("confirmed")
    page.get_by_label("Un message piégé").check()
    page.get_by_label("La cause, en quelques mots").fill("Une pièce jointe ouverte vendredi soir.")
    page.locator("#damage_availability").select_option(index=3)
    page.get_by_label("Le dommage, en quelques mots").fill(LOST)
    page.get_by_label("Ce qu’il faut en retenir").fill(LESSON)
    page.get_by_role("button", name="Clore le dossier").click()
    expect(page.get_by_text("Il reste une partie à remplir").first).to_be_visible()
    expect(page.get_by_label("La cause, en quelques mots")).to_have_value(
        re.compile("vendredi soir")
    )
    looked_at(page, shots, "close-again")
    words = re.sub(
        r"\[À compléter[^\]]*\]", "Les postes ont été réinstallés.", letter.input_value()
    )
    letter.fill(words)
    page.get_by_role("button", name="Clore le dossier").click()
    expect(page.get_by_text("Le dossier est clos.")).to_be_visible()


def _what_the_desk_sees(page, declared):
    ending = page.locator("#card-ending")
    for words in ("vendredi soir", LOST, LESSON):
        expect(ending.get_by_text(words)).to_be_visible()
    told = pdf_of(page, page.get_by_role("link", name=re.compile("^Lettre du")))
    assert declared.reference in told
    assert "Les postes ont été réinstallés" in told
    assert "À compléter" not in told
    page.goto(f"/desk/cases/{declared.reference}/journal")
    expect(page.get_by_role("cell", name="Dossier clos case:close", exact=True)).to_be_visible()
    page.goto(f"/desk/cases/{declared.reference}/procedure")
    expect(page.get_by_text("le dossier a été fermé").first).to_be_visible()
    assert page.get_by_role("link", name="Mettre en pause").count() == 0


def _what_the_commune_reads(page, shots):
    expect(page.get_by_text("Ce dossier est clos")).to_be_visible()
    expect(page.get_by_text("Les postes ont été réinstallés").first).to_be_visible()
    assert LESSON not in page.content(), "what the desk learnt is the desk's"
    looked_at(page, shots, "closed-for-the-commune")
    told = pdf_of(page, page.get_by_role("link", name="Cette lettre en PDF"))
    assert "Les postes ont été réinstallés" in told


def _reopen(page, shots):
    page.get_by_role("link", name="Dossier", exact=True).click()
    page.get_by_role("link", name="Rouvrir le dossier").click()
    page.get_by_label("Pourquoi").fill("La paie est de nouveau chiffrée.")
    page.get_by_role("button", name="Rouvrir").click()
    expect(page.get_by_text("Le dossier est de nouveau ouvert")).to_be_visible()
    expect(page.get_by_text(LESSON)).to_be_visible()
    looked_at(page, shots, "reopened")
    page.get_by_role("link", name="Chronologie", exact=True).click()
    expect(page.get_by_text("Dossier rouvert", exact=True)).to_be_visible()
    expect(page.get_by_text("La paie est de nouveau chiffrée.")).to_be_visible()

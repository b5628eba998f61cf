"""A secretary of a commune of 800, Monday 07:40, screens locked: she declares on her own phone."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case
from tests.factories.people import make_organisation
from tests.journeys.looking import snap

pytestmark = pytest.mark.journey


def press_on(page):
    page.get_by_role("button", name="Continuer").click()


def go_on(page):
    with page.expect_navigation():
        press_on(page)


def tick(page, *labels):
    for label in labels:
        page.get_by_label(label, exact=False).first.check()


def test_declare_on_a_phone_without_javascript(phone, shots):
    make_organisation("Saint-Exemple-sur-Mer", facts={"postal": ["83990"]}, population=812)
    make_organisation("Saint-Exemple-le-Vieux", facts={"postal": ["83991"]}, population=93)
    page = phone(scripts=False)
    page.goto("/declarer")
    snap(page, shots, "declare-01-start")
    page.get_by_label("Votre commune").fill("saint ex")
    go_on(page)
    snap(page, shots, "declare-02-found")
    tick(page, "Saint-Exemple-sur-Mer")
    go_on(page)
    snap(page, shots, "declare-03-first")
    reference = re.search(r"CD-\w{3}-\w{3}", page.content()).group()
    code = re.search(r"\b\d{5} \d{5}\b", page.content()).group()
    tick(page, "Un message demande de l", "Plus rien ne s")
    go_on(page)
    snap(page, shots, "declare-04-advice")
    expect(page.get_by_text("Débranchez le câble réseau").first).to_be_visible()
    page.get_by_label("Votre numéro de téléphone").fill("pas de numéro")
    go_on(page)
    snap(page, shots, "declare-05-error")
    page.get_by_label("Votre numéro de téléphone").fill("0612345678")
    page.get_by_label("Votre nom").fill("Nadia Prévost")
    go_on(page)
    walk_on(page, shots)
    snap(page, shots, "declare-10-review")
    page.get_by_role("button", name="Envoyer").click()
    snap(page, shots, "declare-11-thanks")
    expect(page.get_by_text(reference).first).to_be_visible()
    page.go_back()
    assert page.url.endswith("/declarer/merci"), "the review of what was sent is not shown again"
    with atomic(SYSTEM) as s:
        assert [case.reference for case in s.scalars(select(Case))] == [reference]
    come_back(phone(scripts=False), reference, code, shots)


def walk_on(page, shots):
    """Answer what is left, each screen by one tick or none."""
    for _ in range(20):
        if "relire" in page.url:
            return
        if "etape/scope" in page.url:
            tick(page, "Tout ou presque")
        if "etape/services" in page.url:
            tick(page, "État civil", "Paie des agents")
            snap(page, shots, "declare-07-services")
        if "etape/dates" in page.url:
            aware = page.get_by_role("group", name="Quand l’avez-vous appris")
            aware.get_by_label("Ce matin").check()
            snap(page, shots, "declare-08-dates")
        go_on(page)
    raise AssertionError(f"never came to the review: {page.url}")


def come_back(page, reference, code, shots):
    """From a colleague's telephone, with what was written on paper."""
    page.goto("/reprendre")
    snap(page, shots, "declare-12-back")
    page.get_by_label("Référence").fill(reference.lower().replace("-", " "))
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Ouvrir").click()
    assert page.url.endswith(f"/mon-dossier/{reference}")
    expect(page.get_by_text("Le centre va vous rappeler")).to_be_visible()
    snap(page, shots, "declare-13-space")
    for number, tab in enumerate(("À faire", "Messages", "Pour le maire", "Personnes"), start=14):
        page.get_by_role("link", name=tab).first.click()
        snap(page, shots, f"declare-{number}-{tab.split()[-1]}")

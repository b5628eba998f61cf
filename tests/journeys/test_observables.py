"""A responder notes what an attack left behind, and hands the case to others."""

import json

import pytest
import stix2
from playwright.sync_api import expect

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case
from tests.desk.cases.conftest import at_desk, service, world  # noqa: F401
from tests.desk.intel.test_export import wrong_with
from tests.journeys.looking import looked_at
from tests.journeys.signing_in import signed_in

pytestmark = pytest.mark.journey

PASTED = """\
Le poste 3 (10.20.30.40) a joint hxxps://paiement-mairie[.]example/login?session=9f8a7b6c5d4e3f2a1b0c
185.199.108[.]153
fichier : facture\u202efdp.exe
44d88612fea8a8f36de82e1278abb02f
impots.gouv.fr
Global maj 7
"""


@pytest.fixture
def case(world):  # noqa: F811
    """A case in which the commune has written of a suspect address; the way to its page."""
    case_id = world.open_case()
    with at_desk(world.member, case_id) as found:
        service.write(world.member, found, body="Un lien suspect : http://piege-mairie.example/a")
    with atomic(SYSTEM) as s:
        return f"/desk/cases/{s.get_one(Case, case_id).reference}/observables"


@pytest.fixture
def desk(phone, app, site, world):  # noqa: F811
    def made(**options):
        return signed_in(phone(**options), app, site, world.people["responder"])

    return made


@pytest.mark.parametrize("scripts", [False, True])
def test_what_was_seen_is_noted_on_a_phone_with_and_without_scripts(desk, case, scripts):
    page = desk(scripts=scripts)
    page.goto(case)
    page.get_by_label("Des valeurs, un compte rendu").fill(PASTED)
    page.get_by_role("button", name="Lire").click()
    expect(page.get_by_text("6 valeurs ont été lues")).to_be_visible()
    expect(page.get_by_text("facture⟨U+202E⟩fdp.exe")).to_be_visible()
    assert not page.get_by_role("checkbox", name="impots[.]gouv[.]fr").is_checked()
    page.get_by_text("Une ligne où rien n’a été reconnu").click()
    page.get_by_label("Qu’est-ce que la ligne 6").select_option("mutex")
    page.get_by_role("button", name="Ajouter ce qui est coché").click()
    expect(page.get_by_text("6 observables ajoutés.")).to_be_visible()
    page.get_by_role("link", name="185[.]199[.]108[.]153").click()
    page.get_by_role("button", name="En faire un indicateur").click()
    expect(page.get_by_text("[ipv4-addr:value = '185.199.108.153']")).to_be_visible()


def test_every_page_is_for_everyone(desk, case, shots):
    page = desk(viewport={"width": 1280, "height": 860})
    page.goto(case)
    looked_at(page, shots, "observables-empty")
    page.get_by_label("Des valeurs, un compte rendu").fill(PASTED)
    page.get_by_role("button", name="Lire").click()
    looked_at(page, shots, "observables-review")
    page.get_by_role("button", name="Ajouter ce qui est coché").click()
    page.get_by_role("button", name="Regarder et ajouter").click()
    page.get_by_role("button", name="Ajouter ce qui est coché").click()
    looked_at(page, shots, "observables")
    page.get_by_role("link", name="185[.]199[.]108[.]153").click()
    looked_at(page, shots, "observable")
    page.goto(f"{case}/export?tlp=amber")
    looked_at(page, shots, "export")


def test_copying_gives_the_value_apart_or_as_it_is(desk, case):
    page = desk(
        viewport={"width": 1280, "height": 860}, permissions=["clipboard-read", "clipboard-write"]
    )
    page.goto(case)
    page.get_by_label("Des valeurs, un compte rendu").fill("185.199.108[.]153")
    page.get_by_role("button", name="Lire").click()
    page.get_by_role("button", name="Ajouter ce qui est coché").click()
    row = page.locator(".trace").first
    for name, told in (("Copier", "185[.]199[.]108[.]153"), ("Copier tel quel", "185.199.108.153")):
        row.get_by_role("button", name=name, exact=True).click()
        page.wait_for_function(
            "async told => (await navigator.clipboard.readText()) === told", arg=told
        )
        expect(row.get_by_text("Copié").first).to_be_visible()


def test_an_open_page_learns_what_a_colleague_adds(desk, case, world):  # noqa: F811
    page, other = (desk(viewport={"width": 1280, "height": 860}) for _ in range(2))
    page.goto(case)
    page.get_by_label("Des valeurs, un compte rendu").fill("ce que j’écris")
    other.goto(case)
    other.get_by_label("Des valeurs, un compte rendu").fill("185.199.108[.]153")
    other.get_by_role("button", name="Lire").click()
    other.get_by_role("button", name="Ajouter ce qui est coché").click()
    page.get_by_role("link", name="185[.]199[.]108[.]153").wait_for(timeout=15_000)
    assert page.get_by_label("Des valeurs, un compte rendu").input_value() == "ce que j’écris"


def test_the_case_is_handed_over_as_a_valid_bundle(desk, case):
    page = desk(viewport={"width": 1280, "height": 860})
    page.goto(case)
    page.get_by_label("Des valeurs, un compte rendu").fill(PASTED)
    page.get_by_role("button", name="Lire").click()
    page.get_by_role("button", name="Ajouter ce qui est coché").click()
    page.get_by_role("link", name="Choisir pour qui").click()
    page.get_by_text("TLP:AMBER", exact=True).click()
    page.get_by_role("button", name="Voir ce qui partirait").click()
    expect(page.get_by_role("heading", name="Ce qui reste ici, et pourquoi")).to_be_visible()
    expect(page.get_by_text("10[.]20[.]30[.]40")).to_be_visible()
    with page.expect_download() as begun:
        page.get_by_role("button", name="Télécharger, TLP:AMBER").click()
    assert begun.value.suggested_filename == "cyberdesk-tlp-amber.json"
    text = begun.value.path().read_text(encoding="utf-8")
    assert wrong_with(text) == []
    assert len(stix2.parse(text, allow_custom=True).objects) == len(json.loads(text)["objects"])
    assert "10.20.30.40" not in text
    assert "185.199.108.153" in text

"""A responder on call looks at a case on a telephone: what presses is on the first screen."""

import re

import pytest
from playwright.sync_api import expect

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.playbooks import versions
from tests.factories.declarations import make_declaration
from tests.factories.people import make_organisation, make_person
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.looking import looked_at
from tests.journeys.signing_in import signed_in

pytestmark = pytest.mark.journey

# Whether a box lies whole within the frame that scrolls around it.
_WHOLE = """box => {
  const frame = box.closest('.picture').getBoundingClientRect(), here = box.getBoundingClientRect();
  return here.left >= frame.left - 1 && here.right <= frame.right + 1;
}"""


@pytest.fixture
def case(engine):
    with atomic(SYSTEM):
        versions.publish_shipped()
    begun, _case_id = make_declaration(make_organisation("Saint-Exemple-sur-Mer"))
    return f"/desk/cases/{begun.reference}"


@pytest.fixture
def page(phone, app, site):
    return signed_in(phone(), app, site, make_person("responder", name="Camille Roux"))


def test_what_presses_is_on_the_first_screen(page, case, shots):
    page.goto(case)
    tabs = page.get_by_role("navigation", name="Parties du dossier")
    assert tabs.bounding_box()["y"] < 0.72 * PHONE["height"], "the head leaves room for the case"
    for words in ("Grave", "personne", "Rançongiciel", "reste"):
        expect(page.locator("main").get_by_text(re.compile(words)).first).to_be_in_viewport()
    why = page.get_by_text(re.compile("réseau entier ×")).first
    expect(why).to_be_hidden()
    page.get_by_text("Pourquoi, et depuis quand").click()
    expect(why).to_be_visible()
    page.reload()
    page.set_viewport_size(DESKTOP)
    expect(why).to_be_visible()
    expect(page.get_by_text("Pourquoi, et depuis quand")).to_be_hidden()
    page.set_viewport_size(PHONE)
    looked_at(page, shots, "phone-case")


def test_a_row_of_the_queue_says_whose_case_before_why(page, case, shots):
    page.goto("/desk")
    row = page.locator(".queue-row").first
    whose, why = (row.locator(part).bounding_box() for part in (".row-main", ".row-why"))
    assert whose["y"] + whose["height"] <= why["y"]
    looked_at(page, shots, "phone-queue")


def test_the_picture_begins_where_the_run_stands_and_says_that_it_goes_on(page, case, shots):
    page.goto(f"{case}/procedure")
    frame = page.locator(".picture-frame", has=page.locator(".is-now")).first
    picture, hint = frame.locator(".picture"), frame.get_by_text("Faites-le glisser")
    first = frame.get_by_role("link", name=re.compile("Débrancher le réseau"))
    assert first.evaluate(_WHOLE)
    expect(hint).to_be_visible()
    expect(frame).to_have_attribute("data-more", "end")
    picture.evaluate("picture => picture.scrollTo(picture.scrollWidth, 0)")
    expect(frame).to_have_attribute("data-more", "start")
    held = picture.evaluate("picture => picture.scrollLeft")

    page.evaluate(
        "document.querySelector('#part-runs').dispatchEvent("
        "new CustomEvent('live:renewed', {bubbles: true}))"
    )
    assert picture.evaluate("picture => picture.scrollLeft") == held, "it stays where it was moved"
    page.set_viewport_size({"width": 1700, "height": 900})
    expect(hint).to_be_hidden()
    page.set_viewport_size(PHONE)
    looked_at(page, shots, "phone-procedure")

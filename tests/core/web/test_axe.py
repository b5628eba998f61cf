"""axe finds nothing, no page scrolls sideways: narrow and wide, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = pytest.mark.journey

WIDTHS = (320, 390, 1280)
THEMES = ("light", "dark")


@pytest.mark.parametrize(
    "name", ["style", "declare", "queue", "case", "upload", "commune", "sheet"]
)
@pytest.mark.parametrize("theme", THEMES)
def test_every_page_for_everyone(page: Page, name: str, theme: str):
    faults = []
    page.goto(f"/{name}?theme={theme}&exercise=Essai&demo")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 860})
        found = Axe().run(page).response["violations"]
        faults += [(width, v["id"], v["nodes"][0]["target"]) for v in found]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append((width, "scrolls sideways", []))
    assert faults == []


@pytest.mark.parametrize("state", ["drawer", "burger", "keys", "focus"])
def test_what_opens_is_for_everyone_too(page: Page, state: str):
    page.goto("/declare" if state == "drawer" else "/queue")
    if state in ("drawer", "burger"):
        page.locator(f".{state} summary").click()
    elif state == "keys":
        page.keyboard.press("?")
    else:
        page.keyboard.press("Tab")
        assert page.locator(".skip").bounding_box()["width"] > 100
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []


def test_what_has_the_focus_is_never_under_the_sticky_foot(page: Page):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/declare")
    foot = page.locator(".foot")
    for field in page.locator("main input, main textarea").all():
        field.focus()
        box, edge = field.bounding_box(), foot.bounding_box()
        assert box
        assert edge
        assert box["y"] < edge["y"], "hidden by the foot"

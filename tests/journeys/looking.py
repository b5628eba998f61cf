"""Pictures of a page in both widths and lights, for a look and for the documentation."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (320, 390, 1280)


def looked_at(page: Page, shots: Path, name: str) -> None:
    """Keep pictures of a page; axe finds nothing on it, and it does not scroll sideways."""
    before, faults = page.viewport_size, []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 860})
        for light in ("light", "dark"):
            page.emulate_media(color_scheme=light)
            page.screenshot(path=shots / f"{name}-{width}-{light}.png", full_page=True)
            faults += [
                (name, width, light, v["id"], v["nodes"][0]["target"])
                for v in Axe().run(page).response["violations"]
            ]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append((name, width, "scrolls sideways"))
    page.set_viewport_size(before)
    assert not faults, faults

"""What must be true of every page, looked at in the browser: both widths, both lights, one load."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page
from playwright.sync_api import Error as PlaywrightError

NARROW, WIDE = 320, 1280
LOOKED = (390, WIDE)  # the widths of pictures
_HEIGHT = 860

# What is folded is read too; menus that lie over the page stay shut. Nothing moves meanwhile.
_PREPARE = """() => {
  scrollTo(0, 0);
  const still = new CSSStyleSheet();
  still.replaceSync('*, ::before, ::after { transition: none !important; animation: none !important }');
  document.adoptedStyleSheets = [still];
  const folded = document.querySelectorAll('details:not([open], .menu, .burger, .drawer)');
  for (const one of folded) one.open = one.dataset.unfolded = true;
}"""
_FOLD = "for (const one of document.querySelectorAll('[data-unfolded]')) one.open = false"
_SHAPE = """() => {
  const faults = [], width = document.documentElement.clientWidth;
  const over = document.documentElement.scrollWidth - width;
  if (over > 0) {
    const wide = [...document.querySelectorAll('body *')]
      .filter(e => e.getBoundingClientRect().right > width + 0.5 && e.checkVisibility());
    faults.push(`scrolls sideways by ${over} px: ${wide.at(-1)?.outerHTML.slice(0, 120)}`);
  }
  const heads = document.querySelectorAll('h1').length;
  if (heads !== 1) faults.push(`${heads} h1`);
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  if (twice.length) faults.push(`ids twice: ${[...new Set(twice)].join(' ')}`);
  return faults;
}"""
_AXE = """async (options) => {
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const { violations } = await axe.run(document, options);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.length} × ${nodes[0].html.slice(0, 160)}`);
}"""
# Half of axe's time goes by in parsing the same few colours for each element, and what lies under it.
_REMEMBER = """() => {
  const Color = axe.commons.color.Color, parse = Color.prototype.parseString, known = new Map();
  Color.prototype.parseString = function (written) {
    const { r, g, b, alpha } = known.get(written) ?? parse.call(this, written);
    if (!known.has(written)) known.set(written, new Color(this));
    return Object.assign(this, { r, g, b, alpha });
  };
}"""
# axe's rule for targets of 24 px is not among its usual ones (WCAG 2.2, 2.5.8).
_EVERY_RULE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# What the light can change; all else was seen in the other one.
_COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
_LOOKS = (
    (NARROW, "light", _EVERY_RULE),
    (NARROW, "dark", _COLOURS),
    (WIDE, "dark", _COLOURS),
    (WIDE, "light", _EVERY_RULE),
)


def faults_of(page: Page) -> Iterator[str]:
    """Say what is wrong with the page that is open: with its shape, or for axe."""
    page.wait_for_load_state()  # a page that was just clicked for has no shape before its sheets
    page.evaluate(AXE_SCRIPT)
    page.evaluate(_REMEMBER)
    page.evaluate(_PREPARE)
    for width, light, rules in _LOOKS:
        _turn(page, width, light)
        yield from (f"{width} {light} {fault}" for fault in _seen(page, rules))


def pictures_of(page: Page, folder: Path, name: str) -> None:
    """Keep four pictures of the page, to be looked at with one's own eyes, where these are wanted."""
    if not wanted():
        return
    for width in LOOKED:
        for light in ("light", "dark"):
            _turn(page, width, light)
            shoot(page, folder / f"{name}-{width}-{light}.png", full_page=True)


def snap(page: Page, folder: Path, name: str) -> None:
    """Keep the page as it stands, where pictures of every step are wanted."""
    if wanted():
        shoot(page, folder / f"{name}.png", full_page=True)


def wanted() -> bool:
    return bool(os.environ.get("CYBERDESK_LOOK"))


def shoot(page: Page, path: Path, **options: Any) -> None:
    """Take a picture; a browser that was between two pages is asked once more."""
    try:
        page.screenshot(path=path, animations="disabled", caret="hide", **options)
    except PlaywrightError:
        page.wait_for_timeout(300)
        page.screenshot(path=path, animations="disabled", caret="hide", **options)


def looked_at(page: Page, shots: Path, name: str) -> None:
    """Find nothing wrong with the page, and keep pictures of it."""
    before = page.viewport_size
    faults = list(faults_of(page))
    pictures_of(page, shots, name)
    page.evaluate(_FOLD)
    page.set_viewport_size(before)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    assert not faults, f"{name}: {faults}"


def as_found(page: Page) -> None:
    """Leave a page that was looked at as somebody at a desk finds it."""
    page.evaluate(_FOLD)
    _turn(page, WIDE, "light")


def _turn(page: Page, width: int, light: str) -> None:
    page.set_viewport_size({"width": width, "height": _HEIGHT})
    page.emulate_media(color_scheme=light)  # type: ignore[arg-type]


def _seen(page: Page, rules: dict[str, Any]) -> list[str]:
    shape = page.evaluate(_SHAPE) if rules is _EVERY_RULE else []
    return [*shape, *page.evaluate(_AXE, rules)]


class Looker:
    """Looks at one page after the other in the same tab, and hears what it says meanwhile."""

    def __init__(self, page: Page) -> None:
        self.page, self.said = page, list[str]()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.said.append(f"script: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.said.append(f"console: {message.text}")

    def faults(self) -> Iterator[str]:
        """Say what is wrong with the page that is open, and what it said of itself."""
        yield from faults_of(self.page)
        yield from self.said
        self.said.clear()

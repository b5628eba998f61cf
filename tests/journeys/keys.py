"""Somebody who has no mouse: they press keys, and see where they are each time."""

from playwright.sync_api import Page

MOST = 120  # presses of Tab until one gives up looking

# What is focused: its name, and whether one sees that it is focused, and it is in sight.
_HERE = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const seen = (one) => {
    const look = getComputedStyle(one);
    const outlined = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0;
    return outlined || look.boxShadow !== 'none';
  };
  const box = here.getBoundingClientRect();
  const shows = [here, here.parentElement, here.closest('label'), here.querySelector('rect'),
    here.nextElementSibling].filter(Boolean);
  const svg = here.querySelector('rect');
  const thick = svg && parseFloat(getComputedStyle(svg).strokeWidth) >= 3;
  const label = here.labels?.[0]?.innerText ?? '';
  return {
    name: (here.getAttribute('aria-label') || label || here.innerText || here.value || '').trim(),
    tag: here.localName,
    type: here.type ?? '',
    visible: shows.some(seen) || Boolean(thick),
    inSight: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    html: here.outerHTML.slice(0, 160),
  };
}"""


class Keys:
    """The keyboard of `page`; every stop of Tab must show that it is one."""

    def __init__(self, page: Page) -> None:
        self.page, self.stops = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def here(self) -> dict:
        return self.page.evaluate(_HERE) or {"name": "", "tag": "body", "type": ""}

    def tab_to(self, name: str, *, tag: str = "", back: bool = False) -> dict:
        """Press Tab until what is focused is called `name`, and is a `tag` when one is given."""
        passed = []
        for _ in range(MOST):
            self.press("Shift+Tab" if back else "Tab")
            self.stops += 1
            one = self.here()
            assert one["tag"] == "body" or one["visible"], f"focus is not seen: {one['html']}"
            assert one["tag"] == "body" or one["inSight"], f"focus is out of sight: {one['html']}"
            if one["name"].startswith(name) and (not tag or one["tag"] == tag):
                return one
            passed.append(one["name"][:40])
        raise AssertionError(f"no way to {name!r} by Tab: {passed}")

    def enter(self, name: str, *, tag: str = "") -> None:
        """Go to a link or a button and press it."""
        self.tab_to(name, tag=tag)
        with self.page.expect_navigation():
            self.press("Enter")

    def fill(self, label: str, words: str) -> None:
        """Go to a field and write."""
        self.tab_to(label)
        self.type(words)

    def go(self, key: str) -> None:
        """Press a shortcut that leads to another page."""
        with self.page.expect_navigation():
            self.press(key)

    def into(self) -> None:
        """Skip what every page begins with."""
        self.tab_to("Aller au contenu")
        self.press("Enter")

"""Looking finds what is wrong, where it is wrong and nowhere else; and nothing in a sound page."""

import pytest

from tests.journeys.looking import Looker, faults_of

pytestmark = pytest.mark.journey

SOUND = """<!doctype html><html lang="fr"><head><title>Une page</title><style>
:root {{ color-scheme: light dark; color: black; background: white }}
@media (prefers-color-scheme: dark) {{ :root {{ color: white; background: black }} }}
{style}</style></head><body><main><h1>Une page</h1><p class="word">Un mot.</p>{more}</main></body>"""
NARROW, WIDE = "(max-width: 600px)", "(min-width: 601px)"
SMALL = "button { all: unset; display: block; width: 10px; height: 9px; font-size: 9px }"
LIGHT, DARK = "(prefers-color-scheme: light)", "(prefers-color-scheme: dark)"


def pale(width: str, light: str) -> str:
    return f"@media {width} and {light} {{ .word {{ color: #777; background: #888 }} }}"


@pytest.fixture
def page(chromium):
    opened = chromium.new_page(reduced_motion="reduce")
    yield opened
    opened.close()


def told(page, style: str = "", more: str = "") -> list[str]:
    """What is said of the sound page once `style` and `more` are added: where, and of what."""
    page.set_content(SOUND.format(style=style, more=more))
    return [fault.split(":")[0] for fault in faults_of(page)]


def test_nothing_is_said_of_a_sound_page(page):
    assert told(page) == []


@pytest.mark.parametrize("light", [LIGHT, DARK])
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_too_little_contrast_is_seen_at_its_width_and_in_its_light(page, width, light):
    where = f"{320 if width == NARROW else 1280} {'light' if light == LIGHT else 'dark'}"
    assert told(page, pale(width, light)) == [f"{where} color-contrast"]


def test_what_is_folded_is_looked_at_too(page):
    folded = '<details><summary>Plus</summary><p class="in">Un mot.</p></details>'
    style = f"@media {NARROW} and {DARK} {{ .in {{ color: #777; background: #888 }} }}"
    assert told(page, style, folded) == ["320 dark color-contrast"]


@pytest.mark.parametrize(("media", "where"), [(NARROW, "320 light"), (WIDE, "1280 light")])
def test_what_scrolls_sideways_is_seen_at_its_width(page, media, where):
    wide = f"@media {media} {{ .word {{ width: 1400px }} }}"
    assert [fault.rpartition(" by ")[0] for fault in told(page, wide)] == [
        f"{where} scrolls sideways"
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('<input type="text">', "label"),
        ('<img src="data:,">', "image-alt"),
        ("<button></button>", "button-name"),
        ('<p id="a"></p><p id="a"></p>', "ids twice"),
        ("<h1>Une autre</h1>", "2 h1"),
        (f"<style>{SMALL}</style><button>a</button><button>b</button>", "target-size"),
    ],
)
def test_what_is_wrong_everywhere_is_seen_at_both_widths(page, more, said):
    found = told(page, more=more)
    assert {f"320 light {said}", f"1280 light {said}"} <= set(found), found


def test_what_the_page_says_in_the_console_is_heard(page):
    looker = Looker(page)
    page.set_content(SOUND.format(style="", more="<script>console.error('non'); perdu()</script>"))
    found = list(looker.faults())
    assert "console: non" in found
    assert any(fault.startswith("script: ") and "perdu" in fault for fault in found), found

"""Every component is drawn on the style page, in both languages, as strict and safe HTML."""

import re
from collections import Counter
from pathlib import Path

import html5lib
import pytest

import cyberdesk
from cyberdesk.core.web import components

PAGES = ("style", "declare", "queue", "case", "sheet")
TEMPLATES = Path(cyberdesk.__file__).parent / "core" / "web" / "templates"
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:")


@pytest.fixture(params=[(page, lang) for page in PAGES for lang in ("fr", "en")], ids="-".join)
def html(request, face_client) -> str:
    page, lang = request.param
    answer = face_client.get(f"/{page}?lang={lang}&demo&exercise=Essai")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_is_strict_html(html):
    html5lib.HTMLParser(strict=True).parse(html)


def test_has_one_first_heading_and_unique_ids(html):
    assert len(re.findall(r"<h1[ >]", html)) == 1
    ids = Counter(re.findall(r'\sid="([^"]*)"', html))
    assert [name for name, times in ids.items() if times > 1] == []


def test_names_only_what_exists(html):
    ids = set(re.findall(r'\sid="([^"]*)"', html))
    for attribute in ("aria-describedby", "aria-labelledby", "for", "form"):
        for named in re.findall(rf'\s{attribute}="([^"]+)"', html):
            assert set(named.split()) <= ids, f"{attribute}={named}"


def test_keeps_within_the_content_policy(html):
    assert INLINE.findall(html) == []


def test_tells_an_exercise(html):
    assert "Essai" in html
    assert re.search(r"<title>EXERCI[CS]E", html)


def test_the_style_page_shows_every_component(face):
    source = "".join(path.read_text() for path in TEMPLATES.glob("*/*.html"))
    used = set(re.findall(r"\bui\.(\w+)\(", source))
    with face.app_context():
        known = {n for n in components.Ui(face.jinja_env).names() if not n.startswith("_")}
    assert used - known == set(), "used, but no macro of that name"
    unseen = known - used - {"field", "choices_field", "form_errors"}  # see test_forms.py
    assert {n for n in unseen if f"{n}(" not in source.replace("macro ", "")} == set()


def test_every_icon_in_use_is_in_the_sprite(html):
    used = re.findall(r'<use href="([^"#]*)#([\w-]+)"></use>', html)
    assert len(used) == html.count("<use ")
    sprite = (components.BUILT / components.manifest()["icons.svg"]).read_text()
    named = {name for file, name in used if file}
    assert named - set(re.findall(r'<symbol id="([^"]+)"', sprite)) == set()
    of_the_page = {name for file, name in used if not file}  # a picture that is shown once more
    assert of_the_page - set(re.findall(r' id="([^"]+)"', html)) == set()

"""What was built: light enough for a phone on a bad network, and fetched from named versions."""

import gzip
import json
from pathlib import Path

import pytest

from cyberdesk.core.web import components

ROOT = Path(__file__).parents[3]
FIRST_PAGE = 60_000  # bytes gzipped, all of it; the design says so


def weight(name: str) -> int:
    return len(gzip.compress((components.BUILT / components.manifest()[name]).read_bytes()))


def test_the_first_page_of_a_declaration_is_light(face_client):
    page = len(gzip.compress(face_client.get("/declare").data))
    parts = sum(weight(name) for name in ("declare.css", "declare.js", "icons.svg", "mark.svg"))
    assert page + parts < FIRST_PAGE / 2


def test_a_page_asks_for_nothing_but_built_files(face_client):
    html = face_client.get("/declare").get_data(as_text=True)
    assert "htmx" not in html
    for name in ("declare.css", "declare.js", "icons.svg"):
        assert f"built/{components.manifest()[name]}" in html


def test_the_lock_file_names_versions_and_hashes_but_no_host():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    named = {name: held for name, held in packages.items() if name}
    assert all("resolved" not in held for held in named.values())
    assert all("version" in held for held in named.values())


def test_the_style_sheets_stay_within_the_content_policy():
    for name in ("declare.css", "app.css", "leaflet.css", "uplot.css"):
        css = (components.BUILT / components.manifest()[name]).read_text()
        assert "data:" not in css
        assert "@import" not in css


def test_says_what_to_do_when_nothing_is_built(tmp_path, monkeypatch):
    monkeypatch.setattr(components, "BUILT", tmp_path)
    with pytest.raises(components.FrontNotBuiltError, match="make front"):
        components.manifest()

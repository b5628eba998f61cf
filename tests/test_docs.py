"""What the documentation says must be so: its settings, its pictures, its links."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCREENS = ROOT / "docs" / "screens"
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LARGEST = 150_000  # bytes of a picture
OURS = {"SUPERVISED"}  # from one process of a house to another, never set by hand


def test_every_setting_is_documented_and_exists():
    source = "\n".join(one.read_text() for one in (ROOT / "cyberdesk").rglob("*.py"))
    read = set(re.findall(r"CYBERDESK_([A-Z0-9_]*[A-Z0-9])", source))
    settings = (ROOT / "cyberdesk" / "settings.py").read_text()
    read |= set(re.findall(r'get\("([A-Z0-9_]+)"', settings))
    page = (ROOT / "docs" / "operators" / "settings.md").read_text()
    told = set(re.findall(r"^\| `CYBERDESK_([A-Z0-9_]+)`", page, re.MULTILINE))
    assert told == read - OURS, "docs/operators/settings.md is held to the code"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    lost = [to for to in targets if "://" not in to and not (page.parent / to).resolve().exists()]
    assert lost == []


def test_it_is_built_as_a_site_with_every_page_and_picture(tmp_path):
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--nitpicky"]
    command += ["--quiet", "-b", "dirhtml", "-c", "docs", "-d", str(tmp_path / "read")]
    built = subprocess.run(
        [*command, ".", str(tmp_path / "site")],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    front = (tmp_path / "site" / "docs" / "README" / "index.html").read_text()
    for page in (ROOT / "docs").rglob("*.md"):
        inside = page.relative_to(ROOT / "docs").with_suffix("")
        assert f"{inside}/" in front or str(inside) == "README", f"no way to {inside}"
    kept = {picture.name for picture in SCREENS.glob("*.png")}
    assert kept <= {picture.name for picture in (tmp_path / "site" / "_images").iterdir()}


def test_pictures_are_taken_by_the_journeys_shown_and_small():
    journeys = "\n".join(one.read_text() for one in (ROOT / "tests" / "journeys").glob("*.py"))
    taken = set(re.findall(r'\bpicture(?:\(\w+, |=)"([\w-]+)"', journeys)) - {"queue"}  # an example
    kept = {picture.stem for picture in SCREENS.glob("*.png")}
    assert taken == kept, "`make screens` takes what is missing; delete what no journey takes"
    told = "\n".join(page.read_text() for page in PAGES)
    for name in kept:
        assert f"screens/{name}.png)" in told, f"show {name}.png in a page of docs/"
        assert (SCREENS / f"{name}.png").stat().st_size <= LARGEST, f"{name}.png is too heavy"


def test_hostile_input_is_listed_with_the_test_that_holds_it():
    page = (ROOT / "docs" / "developers" / "hostile-input.md").read_text()
    listed = set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", page))
    assert len(listed) > 40
    for path, name in listed:
        assert f"def {name}(" in (ROOT / path).read_text(), f"{path} has no {name}"
    ours = {ROOT / held for held, _name in listed if "/test_hostile" in held}
    for path in sorted(ours):
        told = {name for held, name in listed if ROOT / held == path}
        found = set(re.findall(r"^def (test_\w+)\(", path.read_text(), re.MULTILINE))
        assert found == told, f"list these of {path.name} in docs/developers/hostile-input.md"

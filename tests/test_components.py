"""`make sbom`: every component that runs is in the inventory, with its version and hashes."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def inventories(tmp_path_factory):
    said = subprocess.run(
        ["make", "-s", "sbom"], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert said.returncode == 0, said.stderr
    return [
        json.loads((ROOT / "dist" / f"sbom-{name}.cdx.json").read_text())
        for name in ("python", "front")
    ]


def test_every_python_package_that_runs_is_listed_with_its_hashes(inventories):
    listed = {(one["name"], one["version"]): one for one in inventories[0]["components"]}
    lock = (ROOT / "requirements.lock").read_text()
    pinned = re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+)", lock, re.MULTILINE)
    assert len(pinned) > 60
    for one in pinned:
        assert listed[one]["externalReferences"][0]["hashes"]


def test_what_the_browser_receives_is_listed(inventories):
    listed = {one["name"]: one["version"] for one in inventories[1]["components"]}
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    assert wanted.items() <= listed.items()


def test_the_inventory_names_the_format_that_tools_read(inventories):
    assert {one["bomFormat"] for one in inventories} == {"CycloneDX"}
    assert inventories[0]["metadata"]["component"]["name"] == "cyberdesk"

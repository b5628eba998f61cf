"""Every module that ciphers, signs or hashes is listed, in pyproject.toml and for people."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "developers" / "cryptography.md").read_text()
LISTED = {
    "Ciphers and signatures": ("cryptography",),
    "Keyed and slow hashes": ("hmac", "argon2", "passlib"),
    "Plain hashes": ("hashlib",),
}
USES = re.compile(r"^\s*(?:import|from) (cryptography|hmac|argon2|passlib|hashlib)\b", re.MULTILINE)


def contracts():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found = {}
    for one in project["tool"]["importlinter"]["contracts"]:
        if set(one.get("forbidden_modules", ())) & set(sum(LISTED.values(), ())):
            found[tuple(one["forbidden_modules"])] = one
    return found


@pytest.mark.parametrize(("section", "modules"), LISTED.items())
def test_the_page_names_every_module(section, modules):
    text = PAGE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    told = set(re.findall(r"`([\w/]+\.py)`", text))
    found = {
        str(path.relative_to(ROOT / "cyberdesk"))
        for path in (ROOT / "cyberdesk").rglob("*.py")
        if set(modules) & set(USES.findall(path.read_text()))
    }
    assert told == found, "docs/developers/cryptography.md is held to the code"


def test_each_contract_looks_at_the_whole_house_and_at_direct_imports():
    held = contracts()
    assert set(held) == set(LISTED.values())
    for one in held.values():
        assert one["source_modules"] == ["cyberdesk"]
        loose = [edge for edge in one["ignore_imports"] if "*" in edge]
        assert loose in ([], ["cyberdesk.core.crypto.* -> cryptography"])

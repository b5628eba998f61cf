"""Every text that a person may read has its French: English stands in the code."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from jinja2.ext import babel_extract

import cyberdesk
from cyberdesk.core.text import catalogue_of

HOUSE = Path(cyberdesk.__file__).parent
KEYWORDS = {"_": None, "plural": (1, 2)}
WAYS = {".py": "python", ".html": babel_extract, ".txt": babel_extract}


def texts(path: Path) -> Iterator[tuple[int, str, str]]:
    with path.open("rb") as source:
        for line, found, *_rest in extract(WAYS[path.suffix], source, KEYWORDS):
            one, many = found if isinstance(found, tuple) else (found, "")
            yield line, one, many


def missing() -> Iterator[str]:
    held = catalogue_of("fr")._catalog  # the keys say what a translator has looked at
    for path in sorted(HOUSE.rglob("*")):
        spoken = path.suffix in {".py", ".html"} or path.parent.name == "mails"
        if not spoken or "_shipped" in path.parts or not path.is_file():
            continue
        for line, one, many in texts(path):
            if one and (one, 1) not in held and (many or one not in held):
                yield f"{path.relative_to(HOUSE)}:{line}: {one!r}"


def test_every_text_has_its_french():
    left = sorted(set(missing()))
    assert not left, "add these to the room's translations/fr.po:\n" + "\n".join(left)


@pytest.mark.parametrize(
    "path", sorted(HOUSE.rglob("fr.po")), ids=lambda p: str(p.parent.parent.name)
)
def test_french_sets_a_thin_space_before_double_signs(path):
    wrong = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("msgstr", '"')) and any(f" {sign}" in line for sign in "?!;»")
    ]
    assert not wrong

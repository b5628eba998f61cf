"""The French of the frame is complete, and typeset as French is."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import cyberdesk
from cyberdesk.core.web.formatting import typography

WEB = Path(cyberdesk.__file__).parent / "core" / "web"
KEYWORDS = {"_": None, "plural": (1, 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]


OURS = {f"templates/{folder}" for folder in ("components", "errors", "layout", "style")}


def ours(file: str) -> bool:
    return "/" not in file or file.rpartition("/")[0] in OURS


@pytest.fixture(scope="module")
def french():
    with (WEB / "translations" / "fr.po").open("rb") as source:
        return read_po(source, locale="fr")


def test_every_text_has_its_french(french):
    """The frame and the components; a room of `web` with texts of its own translates them there."""
    found = extract_from_dir(WEB, METHODS, keywords=KEYWORDS)
    texts = {m if isinstance(m, str) else m[0] for f, _, m, _, _ in found if ours(f)}
    assert {t for t in texts if t not in french or not french[t].string} == set()


def test_french_keeps_the_same_parameters(french):
    for message in french:
        if message.id:
            ids = [message.id] if isinstance(message.id, str) else message.id
            strings = [message.string] if isinstance(message.string, str) else message.string
            for one in strings:
                assert set(re.findall(r"%\(\w+\)s", one)) <= set(re.findall(r"%\(\w+\)s", str(ids)))


def test_french_is_typeset(french):
    for message in french:
        strings = [message.string] if isinstance(message.string, str) else message.string
        for one in filter(None, strings):
            assert one == typography(one)
            assert "'" not in one, "the apostrophe is ’"

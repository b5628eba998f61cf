"""The rooms of this floor speak French completely."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import cyberdesk

CORE = Path(cyberdesk.__file__).parent / "core"


@pytest.mark.parametrize("room", ["audit", "crypto", "files"])
def test_every_text_has_its_french(room):
    with (CORE / room / "translations" / "fr.po").open("rb") as source:
        french = read_po(source, locale="fr")
    found = extract_from_dir(CORE / room, [("**.py", "python")], keywords={"_": None})
    texts = {message for _, _, message, _, _ in found}
    assert texts
    assert {text for text in texts if text not in french or not french[text].string} == set()

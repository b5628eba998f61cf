"""What cannot be seen is taken out; what can be seen never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberdesk.core.hygiene import clean, clean_form


@pytest.mark.parametrize(
    "sign", ["\u202e", "\u200b", "\u2066", "\ufeff", "\u200d", "\u061c", "\U000e0041", "\x00"]
)
def test_invisible_signs_go(sign):
    assert clean(f"vire{sign}ment") == clean("virement").__class__("virement", 1)


@pytest.mark.parametrize(
    "text", ["L’été à Nîmes : 12 € !", "<svg onload=x>", "日本語", "a\tb\nc", "👩🏽"]
)
def test_what_is_seen_stays_as_it_is(text):
    assert clean(text).text == text
    assert clean(text).hidden == 0


def test_odd_line_ends_become_line_ends():
    assert clean("un\u2028deux").text == "un\ndeux"


@given(st.text())
def test_cleaning_is_done_once_and_can_always_be_stored(text):
    once = clean(text)
    assert clean(once.text).hidden == 0
    once.text.encode()
    assert "\x00" not in once.text


def test_a_form_is_cleaned_value_by_value():
    found = clean_form({"a": ["x\u200b", "y"], "b": ["\u202ez"]})
    assert found.fields == {"a": ["x", "y"], "b": ["z"]}
    assert found.hidden == 2

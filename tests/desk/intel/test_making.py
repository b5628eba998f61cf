"""STIX objects and patterns: ids as others make them, quotes and backslashes unharmed."""

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stix2patterns.v21.pattern import Pattern
from stix2patterns.validator import run_validator

from cyberdesk.desk.intel import making
from cyberdesk.desk.intel.reading import Sort, Value
from tests.desk.intel.conftest import PASTED, values

OASIS = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # STIX 2.1 §2.9
TEXT_SORTS = [
    Sort.FILE,
    Sort.PROCESS,
    Sort.MUTEX,
    Sort.ACCOUNT,
    Sort.REGISTRY,
    Sort.FOLDER,
    Sort.URL,
]


def unescaped(literal):
    """A string literal as STIX 2.1 §9.2 reads it: a backslash gives the sign behind it."""
    out, escaped = [], False
    for sign in literal[1:-1]:
        if sign == "\\" and not escaped:
            escaped = True
            continue
        out.append(sign)
        escaped = False
    return "".join(out)


def literals(pattern):
    compared = Pattern(pattern).inspect().comparisons
    return [unescaped(literal) for found in compared.values() for _, _, literal in found]


def test_ids_are_those_that_everybody_makes():
    (made,) = making.observables(Value(Sort.DOMAIN, "exemple.fr"))
    told = '{"value":"exemple.fr"}'
    assert made["id"] == f"domain-name--{uuid.uuid5(OASIS, told)}"
    (file,) = making.observables(Value(Sort.MD5, "44d88612fea8a8f36de82e1278abb02f"))
    told = '{"hashes":{"MD5":"44d88612fea8a8f36de82e1278abb02f"}}'
    assert file["id"] == f"file--{uuid.uuid5(OASIS, told)}"


def test_a_file_in_a_folder_is_two_objects():
    file, folder = making.observables(Value(Sort.PATH, r"C:\Temp\a.exe"))
    assert (file["name"], folder["path"]) == ("a.exe", r"C:\Temp")
    assert file["parent_directory_ref"] == folder["id"]


@pytest.mark.parametrize("value", values(), ids=lambda value: value.sort)
def test_each_sort_has_a_valid_object_and_a_valid_pattern(value):
    assert making.observables(value)[0]["type"]
    assert run_validator(making.pattern(value), "2.1") == []


def test_a_range_is_compared_as_a_range():
    assert (
        making.pattern(Value(Sort.IPV4, "10.0.0.0/8")) == "[ipv4-addr:value ISSUBSET '10.0.0.0/8']"
    )


def test_the_number_of_a_network_is_a_number():
    assert making.pattern(Value(Sort.ASN, "12345")) == "[autonomous-system:number = 12345]"


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(TEXT_SORTS), st.text(min_size=1, max_size=60))
def test_any_text_survives_its_pattern(sort, text):
    pattern = making.pattern(Value(sort, text))
    assert run_validator(pattern, "2.1") == []
    assert literals(pattern) == [text]


@settings(deadline=None, max_examples=40)
@given(st.text(alphabet="'\\] OR[a=\n\"", min_size=1, max_size=30))
def test_nothing_breaks_out_of_its_quotes(text):
    pattern = making.pattern(Value(Sort.FILE, text))
    compared = Pattern(pattern).inspect().comparisons
    assert {kind: len(found) for kind, found in compared.items()} == {"file": 1}
    assert literals(pattern) == [text]


def test_the_sample_of_all_tests_holds_seven_values():
    assert len(values(PASTED)) == 7

"""RFC 8785: the numbers of its appendix B, the sorting of its §3.2.3."""

import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cyberdesk.desk.playbooks.canonical import canonical, content_hash


@pytest.mark.parametrize(
    ("bits", "written"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("41b3de4355555553", "333333333.3333332"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_as_in_appendix_b(bits: str, written: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(number).decode() == written


def test_names_are_sorted_by_utf16() -> None:
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    order = json.loads(canonical(dict.fromkeys(names, 0)), object_pairs_hook=list)
    assert [name for name, _ in order] == [
        "\r",
        "1",
        "\u0080",
        "\u00f6",
        "\u20ac",
        "\U0001f600",
        "\ufb33",
    ]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_double_survives(number: float) -> None:
    assert float(json.loads(canonical(number))) == number


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, {1}])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical(value)


def test_a_signature_is_not_content() -> None:
    assert content_hash({"a": 1, "signatures": [{}]}) == content_hash({"a": 1})
    assert content_hash({"a": 1}) != content_hash({"a": 2})

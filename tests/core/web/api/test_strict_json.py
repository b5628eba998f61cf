"""JSON that two readers may understand differently is refused."""

import pytest

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.web.api.strict_json import MAX_DEPTH, strict_json


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{} {}",
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b"NaN",
        b"[Infinity]",
        b"{'a': 1}",
        b'"\\ud800"',
        b'{"\\u0000": 1}',
        b'["\\u0000"]',
        b'"\xff"',
        b"[" * 200_000,
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b"9" * 10_000,
        "{\ufeff}".encode(),
    ],
)
def test_what_is_doubtful_is_refused(raw):
    with pytest.raises(InvalidError) as refusal:
        strict_json(raw)
    assert str(refusal.value.message)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"{}", {}),
        ('{"é": [1, 2.5, true, null]}'.encode(), {"é": [1, 2.5, True, None]}),
        (b'"\\ud83d\\ude00"', "😀"),
        (b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, None),
    ],
)
def test_what_is_plain_is_read(raw, value):
    assert value is None or strict_json(raw) == value
    strict_json(raw)

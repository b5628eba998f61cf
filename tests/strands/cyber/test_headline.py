"""Titles of cases."""

import pytest

from cyberdesk.strands.cyber.headline import headline


@pytest.mark.parametrize(
    ("services", "french"),
    [
        (["none"], "Rançongiciel"),
        (["unknown"], "Rançongiciel"),
        (["payroll", "civil_status"], "Rançongiciel · état civil, paie"),
        (["leisure", "water"], "Rançongiciel · eau, bibliothèque, sport"),
        (
            ["civil_status", "payroll", "canteen", "school", "water"],
            "Rançongiciel · eau, état civil, paie +2",
        ),
    ],
)
def test_a_title_names_what_has_stopped_the_weightiest_first(
    services: list[str], french: str
) -> None:
    assert headline("ransomware", {"services": services}).fr == french


def test_in_english() -> None:
    assert headline("ransomware", {"services": ["payroll"]}).en == "Ransomware · payroll"


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(KeyError):
        headline("meteorite", {})

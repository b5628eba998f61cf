"""docs/asvs.csv: every requirement of the set has its row, and what it names is there."""

import csv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = list(csv.DictReader((ROOT / "docs" / "asvs.csv").open(newline="")))
STATUSES = {"held", "not applicable", "not held"}

# OWASP ASVS 5.0.0, level 2 without WebRTC (V17): how many requirements each section has.
LEVEL_2 = {
    "V1.1": 2, "V1.2": 9, "V1.3": 11, "V1.4": 3, "V1.5": 2,
    "V2.1": 3, "V2.2": 3, "V2.3": 4, "V2.4": 1,
    "V3.2": 2, "V3.3": 4, "V3.4": 6, "V3.5": 5, "V3.7": 2,
    "V4.1": 3, "V4.2": 1, "V4.3": 2, "V4.4": 4,
    "V5.1": 1, "V5.2": 3, "V5.3": 2, "V5.4": 3,
    "V6.1": 3, "V6.2": 12, "V6.3": 4, "V6.4": 4, "V6.5": 5, "V6.6": 3, "V6.8": 4,
    "V7.1": 3, "V7.2": 4, "V7.3": 2, "V7.4": 5, "V7.5": 2, "V7.6": 2,
    "V8.1": 2, "V8.2": 3, "V8.3": 1, "V8.4": 1,
    "V9.1": 3, "V9.2": 4,
    "V10.1": 2, "V10.2": 2, "V10.3": 4, "V10.4": 11, "V10.5": 5, "V10.6": 2, "V10.7": 3,
    "V11.1": 2, "V11.2": 3, "V11.3": 3, "V11.4": 4, "V11.5": 1, "V11.6": 1,
    "V12.1": 3, "V12.2": 2, "V12.3": 4,
    "V13.1": 1, "V13.2": 5, "V13.3": 2, "V13.4": 5,
    "V14.1": 2, "V14.2": 4, "V14.3": 3,
    "V15.1": 3, "V15.2": 3, "V15.3": 7,
    "V16.1": 1, "V16.2": 5, "V16.3": 4, "V16.4": 3, "V16.5": 3,
}  # fmt: skip
# Level 3 of authentication, authorization, cryptography, data protection and logging.
LEVEL_3 = {
    "V6.3.5", "V6.3.6", "V6.3.7", "V6.3.8", "V6.4.5", "V6.4.6", "V6.5.6", "V6.5.7", "V6.5.8",
    "V6.6.4", "V6.7.1", "V6.7.2", "V8.1.3", "V8.1.4", "V8.2.4", "V8.3.2", "V8.3.3", "V8.4.2",
    "V11.1.3", "V11.1.4", "V11.2.4", "V11.2.5", "V11.3.4", "V11.3.5", "V11.5.2", "V11.6.2",
    "V11.7.1", "V11.7.2", "V14.2.5", "V14.2.6", "V14.2.7", "V14.2.8", "V16.5.4",
}  # fmt: skip


def section(row):
    return row["id"].rpartition(".")[0]


def test_the_set_is_whole():
    ids = [row["id"] for row in ROWS]
    assert len(ids) == len(set(ids)) == 246 + len(LEVEL_3)
    lower = [row for row in ROWS if row["level"] in {"1", "2"}]
    assert {row["id"] for row in ROWS if row["level"] == "3"} == LEVEL_3
    counted = {name: sum(section(row) == name for row in lower) for name in map(section, lower)}
    assert counted == LEVEL_2


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_row_says_how_it_is_held_and_names_what_exists(row):
    assert row["status"] in STATUSES
    assert row["requirement"]
    missing = [name for name in row["tests"].split() if not (ROOT / name).is_file()]
    assert not missing, f"{row['id']} names tests that are gone: {missing}"
    if row["status"] == "held":
        assert row["tests"], f"{row['id']} is held by words alone: name a test, or say it is not"
        assert row["held_by"]
    else:
        assert row["why_or_next"], f"{row['id']}: say why not, or what comes next"

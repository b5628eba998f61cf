"""docs/operators/limits.md: every number that it tells is the one that the code holds to."""

import importlib
import re
from datetime import timedelta
from pathlib import Path

import pytest

import cyberdesk.app  # noqa: F401  # the house as it is built: its modules in their order
from cyberdesk.core.access.throttle import Limit
from cyberdesk.desk.declarations.pace import Rate

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "operators" / "limits.md").read_text()
ROWS = [
    (cells, source)
    for line in PAGE.splitlines()
    if (cells := [part.strip() for part in line.strip("| ").split("|")])
    and (source := re.fullmatch(r"`([\w/]+)\.py:(\w+)`", cells[-1]))
]
UNITS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"), (1, "s"))


def told(value) -> str:
    match value:
        case Limit():
            return f"{value.burst}, then one each {value.every:g} s"
        case Rate():
            every, longest = (one.total_seconds() for one in (value.every, value.longest))
            return f"{value.burst}, then one each {every:g} s; {longest:g} s at most"
        case timedelta():
            seconds = int(value.total_seconds())
            return next(f"{seconds // size} {name}" for size, name in UNITS if seconds % size == 0)
    return f"{value >> 20} MiB" if value % (1 << 20) == 0 else str(value)


def test_the_page_has_rows():
    assert len(ROWS) > 40


@pytest.mark.parametrize(("cells", "source"), ROWS, ids=lambda part: str(part)[:40])
def test_a_number_is_the_one_in_the_code(cells, source):
    module = importlib.import_module(f"cyberdesk.{source[1].replace('/', '.')}")
    assert cells[1] == told(getattr(module, source[2])), f"{source[0]} says otherwise"
    assert cells[2], "say what happens then"


def test_every_pace_is_on_the_page():
    """A new limit of tries is written down where operators look."""
    held = re.compile(r"^(\w+) = (?:Limit|Rate)\(", re.MULTILINE)
    found = {
        f"`{path.relative_to(ROOT / 'cyberdesk')}:{name}`"
        for path in (ROOT / "cyberdesk").rglob("*.py")
        for name in held.findall(path.read_text())
    }
    assert {one for one in found if one not in PAGE} == set()

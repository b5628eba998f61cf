"""Every route has its rows in the truth table; what they say is checked in tests/truth."""

import pytest

from tests.truth import objects, table

HOW = "record them: .venv/bin/python -m tests.truth ENDPOINT…, and look at the difference"


def test_every_route_has_its_rows(app):
    """A part of an address of which nothing is known says so here."""
    wanted, held = table.keys(app), set(table.kept())
    missing = sorted({endpoint for endpoint, _method, _place in wanted - held})
    gone = sorted({endpoint for endpoint, _method, _place in held - wanted})
    assert not missing, f"{HOW}: {' '.join(missing)}"
    assert not gone, f"these are gone: take their rows out of tests/truth/table.csv: {gone}"


def test_every_part_of_an_address_is_known(app):
    for rule in app.url_map.iter_rules():
        for part in rule.arguments:
            objects.known(rule.endpoint, part)


def test_a_part_that_is_not_known_says_how_to_mend_it():
    with pytest.raises(objects.UnknownPartError, match="Add it to PARTS"):
        objects.known("cases.show", "whatever")

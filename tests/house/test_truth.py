"""Every route × everybody × whose object it is, against the table that is checked in."""

import os
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from cyberdesk.core import db
from cyberdesk.core.access import throttle
from cyberdesk.core.access.signin import limits
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.keyring import Keyring
from tests.fixtures_database import empty
from tests.house.truth import cast, table
from tests.house.truth import world as worlds
from tests.house.truth.probe import Prober

HOW = (
    "If this is meant, record it: .venv/bin/python -m tests.house.truth, and look at the "
    "difference of tests/house/truth/table.csv as a reviewer would.\n"
)


@pytest.fixture(scope="module")
def answers(_app: Flask, schema: str) -> Iterator[table.Answers]:
    """One world for all; nothing that is asked of it stays."""
    opened = db.Database(schema, pool_size=2)
    db.use(opened)
    vault.use(Keyring.generate())
    step, limits._STEP = limits._STEP, 0.001
    try:
        world = worlds.build()
        bearing = cast.credentials(world.people, world.links)
        headers = {who: one.headers(_app) for who, one in bearing.items()}
        yield table.ask_everything(_app, world, Prober(_app, headers))
    finally:
        limits._STEP = step
        throttle.use(throttle.Memory())
        vault.use(None)
        db.use(None)
        opened.close()
        empty(schema)


def test_everybody_is_answered_as_listed(answers):
    found = table.cells(answers)
    if os.environ.get("CYBERDESK_RECORD_TRUTH"):
        table.FILE.write_text(table.written(found))
    differences = list(table.differences(table.kept(), found))
    assert not differences, HOW + "\n".join(differences)


def test_no_answer_is_a_failure_of_ours(answers):
    failed = [
        (*key, who, one.cell)
        for key, row in answers.items()
        for who, one in row.items()
        if one.cell.startswith("5")
    ]
    assert failed == []


def pairs(answers) -> Iterator[tuple[str, object, object]]:
    """What was answered about somebody else's object, beside the same about none at all."""
    for (endpoint, method, place), row in answers.items():
        if place in {"-", "absent"}:
            continue
        nothing = answers[endpoint, method, "absent"]
        for who, one in row.items():
            if not one.reached:
                yield f"{endpoint} {method} {place} as {who}", one, nothing[who]


def test_what_is_not_theirs_is_answered_as_if_it_did_not_exist(answers):
    told = [
        f"{what}: {one.cell} instead of {absent.cell}"
        for what, one, absent in pairs(answers)
        if one.cell != absent.cell
    ]
    assert told == []


def bare(body: str) -> str:
    """A page without references and ids."""
    body = re.sub(r"CD(?:-|%2D)[0-9A-Z]{3}-[0-9A-Z]{3}", "REFERENCE", body)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", body)


def test_what_is_not_theirs_shows_the_same_page_as_nothing(answers):
    told = [what for what, one, absent in pairs(answers) if bare(one.body) != bare(absent.body)]
    assert told == []


def test_what_is_not_theirs_takes_the_same_statements_as_nothing(answers):
    """Time tells nothing either: what is asked of the database is the same, word for word."""
    told = [what for what, one, absent in pairs(answers) if one.statements != absent.statements]
    assert told == []

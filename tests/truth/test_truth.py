"""Every route × everybody × whose object it is, against the table that is checked in."""

import gc
import os
from collections.abc import Iterator

import pytest
from flask import Flask

from cyberdesk.core import clock
from cyberdesk.core.access import throttle
from cyberdesk.core.access.signin import limits
from tests.truth import cast, objects, table, world
from tests.truth.probe import Answer, Prober

pytestmark = pytest.mark.timeout(900)  # on a machine that others use too

HOW = (
    "If this is meant, record it: .venv/bin/python -m tests.truth [endpoints…], and look at the "
    "difference of tests/truth/table.csv as a reviewer would.\n"
)
WANTED = os.environ.get("CYBERDESK_RECORD_TRUTH", "")
ONLY = WANTED.split(",") if WANTED not in {"", "*"} else [""]


@pytest.fixture(scope="module")
def answers(_app: Flask, schema: str, tmp_path_factory) -> Iterator[table.Answers]:
    """One world for all; nothing that is asked of it stays."""
    step, limits._STEP = limits._STEP, 0.001
    try:
        with world.standing(schema, tmp_path_factory.mktemp("files")) as built:
            bearing = cast.credentials(built.people, built.links)
            headers = {who: one.headers(_app) for who, one in bearing.items()}
            gc.freeze()
            with clock.using(clock.still(clock.now())):  # nobody is seen again meanwhile
                found = table.ask_everything(_app, built, Prober(_app, headers), ONLY)
            yield found
    finally:
        gc.unfreeze()
        limits._STEP = step
        throttle.use(throttle.Memory())


def test_everybody_is_answered_as_listed(answers):
    found = table.cells(answers)
    if WANTED:
        table.keep(found)
    before = {key: row for key, row in table.kept().items() if key[0].startswith(tuple(ONLY))}
    differences = list(table.differences(before, found))
    assert not differences, HOW + "\n".join(differences)


def test_no_answer_is_a_failure_of_ours(answers):
    failed = [
        f"{' '.join(key)} as {who}: {one.cell}"
        for key, row in answers.items()
        for who, one in row.items()
        if one.cell.startswith("5")
    ]
    assert not failed, "\n".join(failed)


@pytest.fixture
def pairs(answers, _app) -> list[tuple[str, Answer, Answer]]:
    """What was answered about somebody else's object, beside the same about none at all.

    Whoever reads a case knows that it exists: what they may not of it may be told in other words.
    """
    return [
        (f"{endpoint} {method} {place} as {who}", one, answers[endpoint, method, "absent"][who])
        for (endpoint, method, place), row in answers.items()
        if place not in {"-", "absent"}
        for who, one in row.items()
        if not one.reached
        and not (objects.hangs_on_a_case(_app, endpoint) and _reads(answers, place, who))
    ]


def _reads(answers: table.Answers, place: str, who: str) -> bool:
    pages = (answers.get((page, "GET", place)) for page in ("space.thread", "cases.show"))
    return any(row[who].reached for row in pages if row)


def test_what_is_not_theirs_is_answered_as_if_it_did_not_exist(pairs):
    told = [
        f"{what}: {one.cell} instead of {absent.cell}"
        for what, one, absent in pairs
        if one.cell != absent.cell
    ]
    assert not told, "\n".join(told)


def test_what_is_not_theirs_shows_the_same_page_as_nothing(pairs):
    told = [what for what, one, absent in pairs if one.body != absent.body]
    assert not told, "\n".join(told)


def test_what_is_not_theirs_takes_the_same_statements_as_nothing(pairs):
    """Time tells nothing either: what is asked of the database is the same, word for word."""
    told = [what for what, one, absent in pairs if one.statements != absent.statements]
    assert not told, "\n".join(told)

"""The ledger tells each broken promise: what it would miss, a campaign would miss."""

from dataclasses import replace

import pytest

from tests.chaos.ledger import EffectRow, Facts, balance
from tests.chaos.picture import picture

KEPT = Facts(
    declared=3,
    declared_readable=3,
    answered=2,
    answered_once=2,
    steps=9,
    effects=(
        EffectRow("blind", "a", "done", 1),
        EffectRow("mail", "b", "done", 1),
        EffectRow("fold", "c", "lost", 2),
        EffectRow("fold", "c", "done", 2),
    ),
    runs={"completed": 2},
    under_way=(3, 0, *range(1, 9)),
    recoveries=(("worker", 14.0), ("queue emptied", 3.0)),
)
BROKEN = {
    "a declaration lost": {"declared_readable": 2},
    "nothing was declared": {"declared": 0, "declared_readable": 0},
    "nothing to spoil": {"under_way": (3, 0, 0, 2)},
    "an answer lost": {"answered_once": 1},
    "a step twice": {"steps_twice": ("first of a run: 2 rows",)},
    "an unsafe effect twice": {"effects": (EffectRow("blind", "a", "done", 2),)},
    "an unsafe effect twice that was lost": {"effects": (EffectRow("mail", "a", "lost", 2),)},
    "called done, never happened": {"effects": (EffectRow("fold", "a", "done", 0),)},
    "done twice in the ledger": {"effects": (EffectRow("fold", "a", "done", 1),) * 2},
    "a run that failed": {"runs": {"completed": 2, "failed": 1}},
    "a run that ended otherwise": {"differing": ("CD-1: steps is {}, not {'a': 'done'}",)},
    "a run stuck": {"stuck": 1},
    "a delivery left": {"undelivered": 1},
    "a delivery given up": {"given_up": ("playbook:wake: ValueError: x",)},
    "too slow": {"recoveries": (("worker", 31.0),)},
    "too slow after an emptied queue": {"recoveries": (("queue emptied", 16.0),)},
    "the journal": {"journal": "entry 7 was changed"},
    "an orphan": {"orphans": ("12 postgres",)},
    "a page": {"mishaps": ("AssertionError: 500",)},
}


def test_kept_promises_hold() -> None:
    assert [str(line) for line in balance(KEPT) if not line.holds] == []


@pytest.mark.parametrize("changed", BROKEN.values(), ids=BROKEN)
def test_each_broken_promise_is_told(changed: dict) -> None:
    broken = [line for line in balance(replace(KEPT, **changed)) if not line.holds]
    assert broken
    assert all(str(line).startswith("BROKEN") for line in broken)


def test_a_letter_in_doubt_is_for_a_person_and_breaks_nothing() -> None:
    lines = balance(replace(KEPT, given_up=("letter:send: GiveUpError: the connection broke",)))
    assert all(line.holds for line in lines)


def test_the_picture_shows_each_time_where_it_belongs() -> None:
    found = [("worker", 0.0), ("worker", 30.0), ("web", 15.0), ("web", 15.0)]
    _scale, worker, web, _every = picture(found, 30.0)
    assert worker.split("|")[1] == "·" + " " * 59 + "·"
    assert web.split("|")[1] == " " * 30 + ":" + " " * 30
    assert worker.endswith("half  0.0, 95 % 30.0, 99 % 30.0 s, of 2")

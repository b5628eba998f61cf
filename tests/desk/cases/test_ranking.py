"""The order of the queue, and its reasons."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from cyberdesk.core import clock
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.text import speaking
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.ranking import presses_at, rank_of, reason_words
from tests.desk.cases.conftest import HOUSE

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def case(**changed):
    given = {"state": "open", "level": 2, "severity": 48, "owner_id": None, "next_due_what": {}}
    return Case(**(given | changed))


def codes(one):
    return {reason.code for reason in rank_of(one, NOW).reasons}


WORSE_FIRST = [
    {"level": 4, "severity": 92},
    {"level": 3, "severity": 74},
    {"level": 2, "severity": 48},
    {"level": 1, "severity": 18},
]


def test_the_worse_comes_first_all_else_equal():
    ranks = [rank_of(case(**one), NOW).rank for one in WORSE_FIRST]
    assert ranks == sorted(ranks, reverse=True)
    assert len(set(ranks)) == 4


@pytest.mark.parametrize(
    ("pressing", "code"),
    [
        ({"escalated_at": NOW}, "escalated"),
        ({"wrote_at": NOW}, "wrote"),
        ({"waits_on": "responder"}, "ours"),
        ({"next_due_at": NOW - MINUTE, "next_due_from": "callback"}, "callback-late"),
        ({"next_due_at": NOW + 5 * MINUTE, "next_due_from": "callback"}, "callback-soon"),
        ({"next_due_at": NOW - MINUTE, "next_due_from": "clocks"}, "due-late"),
        ({"next_due_at": NOW + 5 * MINUTE, "next_due_from": "clocks"}, "due-soon"),
    ],
)
def test_what_presses_moves_up_and_says_so(pressing, code):
    assert rank_of(case(**pressing), NOW).rank > rank_of(case(), NOW).rank
    assert code in codes(case(**pressing))


def test_a_taken_case_stands_below_an_untaken_one(world):
    taken = case(owner_id=world.responder.id)
    assert rank_of(taken, NOW).rank < rank_of(case(), NOW).rank


@pytest.mark.parametrize("on", ["commune", "provider", "mayor", "dpo", "engine"])
def test_waiting_on_others_moves_down(on):
    assert rank_of(case(waits_on=on), NOW).rank < rank_of(case(), NOW).rank


def test_a_due_time_begins_to_press_a_tenth_of_its_span_before():
    due = NOW + timedelta(hours=72)
    assert presses_at(NOW, due) == due - timedelta(hours=7.2)
    assert presses_at(None, due) == due - timedelta(minutes=15)


def test_a_closed_case_has_no_place():
    assert rank_of(case(state="closed", escalated_at=NOW), NOW).rank == 0


def test_every_reason_has_words_in_both_languages():
    everything = case(
        escalated_at=NOW,
        wrote_at=NOW,
        waits_on="responder",
        next_due_at=NOW,
        next_due_from="clocks",
        next_due_what={"fr": "Notification CNIL", "en": "CNIL notice"},
    )
    for tongue in ("fr", "en"):
        with speaking(tongue):
            said = [str(reason_words(r.plain())) for r in rank_of(everything, NOW).reasons]
        assert len(set(said)) == len(said) == 5
    assert any("CNIL notice" in words for words in said)


def test_time_alone_moves_a_case_up_and_the_sweeper_sees_it(world):
    case_id, start = world.open_case(), clock.now()
    with atomic(SYSTEM):
        one = service.access_case(HOUSE, case_id)
        service.set_next_due(one, "callback", start + 30 * MINUTE, {"fr": "x", "en": "x"})
        before = one.rank
    seen = []
    for minutes in (1, 16, 16, 31, 60):
        with clock.using(clock.still(start + minutes * MINUTE)):
            moved = service.rerank_due()
        with atomic(SYSTEM):
            seen.append((moved, service.access_case(HOUSE, case_id).rank - before))
    assert seen == [(0, 0), (1, 200), (0, 200), (1, 350), (0, 350)]


def test_the_earliest_of_several_dues_is_shown_and_gives_way(world):
    case_id, start = world.open_case(), clock.now()
    with atomic(SYSTEM):
        one = service.access_case(HOUSE, case_id)
        service.set_next_due(one, "clocks", start + 60 * MINUTE, {"fr": "CNIL", "en": "CNIL"})
        service.set_next_due(one, "tasks", start + 20 * MINUTE, {"fr": "tâche", "en": "task"})
        assert (one.next_due_from, one.next_due_what["en"]) == ("tasks", "task")
        service.set_next_due(one, "tasks", None)
        assert (one.next_due_from, one.next_due_what["en"]) == ("clocks", "CNIL")
        service.set_next_due(one, "clocks", None)
        assert (one.next_due_at, one.next_due_what, one.rank_due_at) == (None, {}, None)


@pytest.mark.parametrize("order", list(permutations(("callback", "clocks", "other", "tasks"))))
def test_of_several_dues_at_the_same_minute_the_legal_one_is_named_first(world, order):
    case_id, minute = world.open_case(), clock.now().replace(second=0, microsecond=0)
    seconds = {"tasks": 1, "other": 2, "callback": 3, "clocks": 59}
    with atomic(SYSTEM):
        one = service.access_case(HOUSE, case_id)
        for source in order:
            at = minute + timedelta(minutes=20, seconds=seconds[source])
            service.set_next_due(one, source, at, {"fr": source, "en": source})
        named = []
        while one.next_due_from:
            named.append(one.next_due_from)
            service.set_next_due(one, one.next_due_from, None)
    assert named == ["clocks", "callback", "tasks", "other"]


def test_waiting_keeps_its_beginning_until_it_changes(world):
    case_id, start = world.open_case(), clock.now()
    with atomic(SYSTEM):
        one = service.access_case(HOUSE, case_id)
        with clock.using(clock.still(start)):
            service.set_waiting(one, "commune", why={"fr": "réponse", "en": "answer"})
        with clock.using(clock.still(start + MINUTE)):
            service.set_waiting(one, "commune", why={"fr": "autre", "en": "other"})
            assert (one.waits_since, one.waits_why["en"]) == (start, "other")
            service.set_waiting(one, "responder")
            assert one.waits_since == start + MINUTE
            service.set_waiting(one, None)
            assert one.waits_since is None

"""Reading the queue: order, filters, search, counts, pages; and nobody else's cases."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from cyberdesk.core import clock, db
from cyberdesk.core.access import Actor, ActorKind, Grant
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ForbiddenError
from cyberdesk.desk.cases import queue, service
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.cases.queue import Asked
from tests.desk.cases.conftest import HOUSE, at_desk, ending


def seen(actor, after="", **asked_for):
    with atomic(actor.scope):
        return [case.id for case in queue.page(actor, Asked.read(asked_for), after).rows]


def counted(actor):
    with atomic(actor.scope):
        return queue.counts(actor)


def test_the_worst_is_first_whatever_the_order_of_opening(world):
    ids = [world.open_case(level=n, severity=s) for n, s in ((2, 40), (4, 95), (1, 15), (3, 70))]
    assert seen(world.responder) == [ids[1], ids[3], ids[0], ids[2]]


def test_what_was_opened_first_is_first_among_equals(world):
    ids = [world.open_case() for _ in range(3)]
    assert seen(world.responder) == ids


@pytest.fixture
def mixed(world):
    """Six cases that differ, by what they are."""
    held = {
        "mine": world.open_case(),
        "taken": world.open_case(subject="denial_of_service"),
        "south": world.open_case(world.south, level=4, severity=95),
        "late": world.open_case(),
        "closed": world.open_case(),
        "game": world.open_case(exercise=True),
    }
    with at_desk(world.responder, held["mine"]) as case:
        service.take(world.responder, case)
        service.set_waiting(case, "commune")
    with at_desk(world.second, held["taken"]) as case:
        service.take(world.second, case)
        service.set_waiting(case, "responder")
    with at_desk(world.responder, held["late"]) as case:
        service.set_next_due(case, "tasks", clock.now() - timedelta(minutes=1), {"fr": "x"})
    with at_desk(world.responder, held["closed"]) as case:
        service.close_case(world.responder, case, **ending())
    return held


@pytest.mark.parametrize(
    ("asked_for", "names"),
    [
        ({}, "mine taken south late"),
        ({"who": "mine"}, "mine"),
        ({"who": "free"}, "south late"),
        ({"who": "team"}, "taken"),
        ({"state": "closed"}, "closed"),
        ({"state": "all"}, "mine taken south late closed"),
        ({"level": "4"}, "south"),
        ({"type": "denial_of_service"}, "taken"),
        ({"area": "13"}, "south"),
        ({"waits": "commune"}, "mine"),
        ({"late": "1"}, "late"),
        ({"exercise": "1"}, "game"),
        ({"q": "val mod"}, "south"),
        ({"q": "Saint-Éxemple"}, "mine taken late"),
        ({"q": "deni"}, "taken"),
        ({"q": "rancon", "who": "free"}, "south late"),
        ({"q": "nothing of the kind"}, ""),
        ({"state": "<script>", "who": "x", "level": "9", "grouping": "'", "waits": "me"},
         "mine taken south late"),
    ],
    ids=str,
)  # fmt: skip
def test_filters(world, mixed, asked_for, names):
    assert set(seen(world.responder, **asked_for)) == {mixed[name] for name in names.split()}


def test_a_reference_is_found_whole_or_by_its_beginning(world, mixed):
    with atomic(SYSTEM) as s:
        reference = s.get_one(Case, mixed["south"]).reference
    for typed in (reference, reference.lower(), reference[3:].replace("-", " "), reference[:-1]):
        assert seen(world.responder, q=typed) == [mixed["south"]]


def test_counts_agree_with_what_they_lead_to(world, mixed):
    found = counted(world.responder)
    assert (found.open, found.free, found.mine, found.ours, found.late) == (4, 2, 1, 1, 1)
    assert found.waits["commune"] == found.waits["responder"] == 1
    with atomic(world.responder.scope):
        assert queue.free(world.responder) == 2


def test_pages_follow_each_other_without_gap_or_repeat(world, monkeypatch):
    monkeypatch.setattr(queue, "PAGE", 2)
    ids = [world.open_case(level=1 + n % 2, severity=20) for n in range(5)]
    got, after = [], ""
    while after is not None:
        with atomic(world.responder.scope):
            page = queue.page(world.responder, Asked(), after)
        got += [case.id for case in page.rows]
        after = page.after
    assert got == [ids[1], ids[3], ids[0], ids[2], ids[4]]
    assert seen(world.responder, after="nonsense") == got[:2]
    assert seen(world.responder, after="9_nonsense") == got[:2]


def test_closed_cases_are_listed_latest_first_and_paged(world, monkeypatch):
    monkeypatch.setattr(queue, "PAGE", 1)
    ids = [world.open_case() for _ in range(2)]
    for case_id in ids:
        with at_desk(world.responder, case_id) as case:
            service.close_case(world.responder, case, **ending())
    with atomic(world.responder.scope):
        first = queue.page(world.responder, Asked(state="closed"))
        second = queue.page(world.responder, Asked(state="closed"), first.after)
    assert [first.rows[0].id, second.rows[0].id] == ids[::-1]


def test_a_desk_sees_its_strand_and_nothing_else(world, mixed):
    assert seen(world.stranger) == []
    assert counted(world.stranger).open == 0
    both = Actor(
        ActorKind.PERSON, id=world.lead.id, name="x", strong=True,
        grants=(Grant("responder", strand="cyber"), Grant("responder", strand="campus")),
    )  # fmt: skip
    campus = world.open_case(strand="campus", subject="exercise")
    assert set(seen(both)) == {mixed[n] for n in ("mine", "taken", "south", "late")} | {campus}


@pytest.mark.parametrize("who", ["member", "southerner", "admin", "auditor"])
def test_the_queue_is_no_ones_but_the_desks(world, mixed, who):
    actor = world.actors[who]
    with pytest.raises(ForbiddenError):
        seen(actor)
    with pytest.raises(ForbiddenError):
        counted(actor)


def test_the_number_of_statements_does_not_grow_with_the_cases(world):
    def statements():
        said = []
        listen = lambda *args: said.append(args[2])  # noqa: E731
        engine = db.database().engine
        event.listen(engine, "before_cursor_execute", listen)
        seen(world.responder, q="saint")
        counted(world.responder)
        event.remove(engine, "before_cursor_execute", listen)
        return len(said)

    world.open_case()
    few = statements()
    for _ in range(20):
        world.open_case()
    assert statements() == few


def test_counting_stops_where_it_says_enough(world, monkeypatch):
    monkeypatch.setattr(queue, "MOST", 2)
    for _ in range(3):
        world.open_case()
    assert counted(world.responder).open == 2


def test_the_house_has_no_queue_of_its_own(world, mixed):
    with atomic(SYSTEM):
        assert queue.page(HOUSE, Asked()).rows == []

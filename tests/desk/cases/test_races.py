"""Two responders at once, on two connections."""

import threading

import pytest

from cyberdesk.core.db import atomic
from cyberdesk.core.errors import ConflictError
from cyberdesk.desk.cases import service
from tests.desk.cases.conftest import at_desk, ending


def together(*acts):
    """Run `acts` in threads that start at once; return what each returned or raised."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        gate.wait(10)
        try:
            results[index] = act()
        except Exception as error:
            results[index] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def test_two_take_at_once_and_one_learns_who_has_it(world):
    for _round in range(5):
        case_id = world.open_case()

        def take(actor, case_id=case_id):
            with atomic(actor.scope):
                case = service.access_case(actor, case_id)
                return service.take(actor, case).owner_name

        results = together(lambda: take(world.responder), lambda: take(world.second))
        won = [r for r in results if isinstance(r, str)]
        lost = [r for r in results if isinstance(r, ConflictError)]
        assert len(won) == len(lost) == 1, results
        assert won[0] in str(lost[0].message)


def test_closing_and_handing_over_at_once_leaves_one_truth(world):
    case_id = world.open_case()
    with at_desk(world.responder, case_id) as case:
        service.take(world.responder, case)
        seen = case.version

    def close():
        with at_desk(world.responder, case_id) as case:
            service.close_case(world.responder, case, seen=seen, **ending())
            return "closed"

    def give():
        with at_desk(world.lead, case_id) as case:
            service.hand_over(world.lead, case, to=world.second.id, note_to="x", seen=seen)
            return "given"

    results = together(close, give)
    assert sum(isinstance(r, ConflictError) for r in results) == 1, results


@pytest.mark.parametrize("rounds", [3])
def test_lines_told_at_once_all_count(world, rounds):
    case_id = world.open_case()

    def tell():
        for _ in range(rounds):
            with at_desk(world.responder, case_id) as case:
                service.add_note(world.responder, case, body="note")

    together(tell, tell, tell)
    with at_desk(world.responder, case_id) as case:
        versions = [line.version for line in service.timeline(world.responder, case)]
        assert versions == list(range(2, 3 + 3 * rounds)), "in the order in which they were told"
        assert case.version == versions[-1]


def test_linking_both_ways_at_once_does_not_lock_up(world):
    one, two = world.open_case(), world.open_case()

    def link(actor, first, second):
        with at_desk(actor, first) as case:
            other = service.access_case(actor, second)
            service.link(actor, case, other=other, reason="même attaque")
            return "linked"

    results = together(
        lambda: link(world.responder, one, two), lambda: link(world.second, two, one)
    )
    assert sorted(map(str, results)).count("linked") == 1, results
    assert any(isinstance(r, ConflictError) for r in results), results

"""Clocks run from awareness, are done with proof, and never hide that they were late."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import ProgrammingError

from cyberdesk.core import clock as time
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.clocks import due, service, sweeps
from cyberdesk.desk.clocks.models import Awareness, Clock
from cyberdesk.rooms import open_rooms

MONDAY = datetime(2026, 11, 23, 6, 43, tzinfo=UTC)
HOURS_72 = timedelta(hours=72)


def cnil(case, known, _met):
    """One obligation of 72 hours with two reminders, and one without a figure."""
    yield due.Due(
        "GDPR33",
        {"fr": "Notification CNIL", "en": "CNIL notification"},
        known,
        known + HOURS_72,
        reminders=(known + timedelta(hours=48), known + timedelta(hours=66)),
        about={"legal_base": "RGPD art. 33"},
    )
    yield due.Due("CPP40", {"fr": "Signaler", "en": "Report"}, known, None)


@pytest.fixture
def law(monkeypatch):
    open_rooms()
    monkeypatch.setitem(due._by_strand, "cyber", cnil)


@pytest.fixture
def case_id(world, law):
    with time.using(time.still(MONDAY)):
        return world.open_case()


def known(world, case_id, at=MONDAY, by="responder", now=MONDAY + timedelta(minutes=20)):
    actor = getattr(world, by)
    with time.using(time.still(now)), atomic(actor.scope):
        return service.record_awareness(actor, cases.find_case(actor, case_id), at=at)


def clock_named(name="GDPR33"):
    with atomic(SYSTEM):
        return session().scalars(select(Clock).where(Clock.name == name)).one()


def act(actor, what, clock, moment, **given):
    with time.using(time.still(moment)), atomic(actor.scope):
        return what(actor, service.access_clock(actor, clock.id), **given)


def test_clocks_run_from_awareness_not_from_the_recording(world, case_id):
    known(world, case_id)
    held = clock_named()
    assert (held.started_at, held.due_at) == (MONDAY, MONDAY + HOURS_72)
    assert clock_named("CPP40").due_at is None


def test_the_queue_shows_the_nearest_end(world, case_id):
    known(world, case_id)
    with atomic(SYSTEM):
        case = cases.find_case(world.responder, case_id)
        assert case.dues["clocks"]["at"] == (MONDAY + HOURS_72).isoformat()


@pytest.mark.parametrize("names", [("A", "B"), ("B", "A")])
def test_of_two_ends_at_the_same_instant_the_queue_names_one_whatever_their_order(
    world, case_id, monkeypatch, names
):
    def law(_case, known, _met):
        ends = known + HOURS_72
        return [due.Due(one, {"fr": one, "en": one}, known, ends) for one in names]

    monkeypatch.setitem(due._by_strand, "cyber", law)
    known(world, case_id)
    with atomic(SYSTEM):
        case = cases.find_case(world.responder, case_id)
        assert case.dues["clocks"]["what"]["en"] == "A"


def test_the_earliest_account_counts_and_all_are_kept(world, case_id):
    known(world, case_id)
    known(world, case_id, at=MONDAY - timedelta(hours=3), by="member")
    known(world, case_id, at=MONDAY - timedelta(hours=1))
    assert clock_named().due_at == MONDAY - timedelta(hours=3) + HOURS_72
    with atomic(world.responder.scope):
        case = cases.find_case(world.responder, case_id)
        accounts = service.accounts_of_awareness(world.responder, case)
    assert [a.author_name for a in accounts] == ["Camille Roux", "Nora Nord", "Camille Roux"]


def test_awareness_cannot_be_changed_by_anybody(world, case_id):
    known(world, case_id)
    with pytest.raises(ProgrammingError, match="permission denied"), atomic(SYSTEM) as s:
        s.scalars(select(Awareness)).one().at = MONDAY + timedelta(days=1)
        s.flush()
    with pytest.raises(ProgrammingError, match="permission denied"), atomic(SYSTEM) as s:
        s.delete(s.scalars(select(Awareness)).one())
        s.flush()


def test_awareness_of_the_future_is_refused_and_clock_skew_is_not(world, case_id):
    with pytest.raises(InvalidError):
        known(world, case_id, at=MONDAY + timedelta(days=1))
    late = known(world, case_id, at=MONDAY + timedelta(minutes=22))
    assert late.at == MONDAY + timedelta(minutes=20)


def test_done_needs_proof_and_keeps_it_sealed(world, case_id):
    known(world, case_id)
    held = clock_named()
    with pytest.raises(InvalidError):
        act(
            world.member,
            service.complete,
            held,
            MONDAY + HOURS_72 / 2,
            at=MONDAY + HOURS_72 / 2,
            proof=" ",
        )
    act(
        world.member,
        service.complete,
        held,
        MONDAY + HOURS_72 / 2,
        at=MONDAY + HOURS_72 / 2,
        proof="récépissé 42",
    )
    held = clock_named()
    assert (held.state, held.late, held.done_by) == ("done", False, "Nora Nord")
    assert b"42" not in held.proof_sealed
    with atomic(SYSTEM):
        assert clock_named().proof == "récépissé 42"


def test_what_is_done_late_is_shown_as_late_for_ever(world, case_id):
    known(world, case_id)
    after = MONDAY + HOURS_72 + timedelta(hours=2)
    act(world.responder, service.complete, clock_named(), after, at=after, proof="42")
    assert clock_named().late


def test_the_sweeper_marks_a_breach_once_and_done_afterwards_stays_late(world, case_id):
    known(world, case_id)
    after = MONDAY + HOURS_72 + timedelta(minutes=1)
    with time.using(time.still(after)):
        assert sweeps.mark_breached() == 1
        assert sweeps.mark_breached() == 0
    act(world.responder, service.complete, clock_named(), after, at=after, proof="42")
    assert clock_named().late


def test_reminders_are_told_once_and_missed_ones_are_folded(world, case_id):
    known(world, case_id)
    with time.using(time.still(MONDAY + timedelta(hours=49))):
        assert (sweeps.remind(), sweeps.remind()) == (1, 0)
    with time.using(time.still(MONDAY + timedelta(hours=80))):
        assert (sweeps.remind(), sweeps.remind()) == (1, 0)
    assert clock_named().next_reminder_at is None


def test_set_aside_with_a_reason_and_run_again(world, case_id):
    known(world, case_id)
    held = clock_named()
    with pytest.raises(InvalidError):
        act(world.responder, service.exclude, held, MONDAY, reason="")
    act(world.responder, service.exclude, held, MONDAY, reason="aucune donnée personnelle")
    assert clock_named().state == "excluded"
    with pytest.raises(ConflictError):
        act(world.responder, service.exclude, held, MONDAY, reason="encore")
    act(world.responder, service.resume, held, MONDAY)
    assert clock_named().state == "running"


def test_the_commune_does_its_clocks_but_does_not_set_them_aside(world, case_id):
    known(world, case_id)
    with pytest.raises(ForbiddenError):
        act(world.member, service.exclude, clock_named(), MONDAY, reason="non")


def test_another_commune_and_the_administrator_see_no_clock(world, case_id):
    known(world, case_id)
    held = clock_named()
    for stranger in (world.southerner, world.admin, world.stranger):
        with atomic(stranger.scope):
            with pytest.raises(NotFoundError):
                service.access_clock(stranger, held.id)
            assert session().scalars(select(Clock)).all() == []


def test_starting_again_adds_what_is_new_and_leaves_what_is_done(world, case_id, monkeypatch):
    known(world, case_id)
    act(
        world.responder,
        service.complete,
        clock_named(),
        MONDAY + HOURS_72 / 2,
        at=MONDAY + HOURS_72 / 2,
        proof="42",
    )

    def more(case, instant, met):
        yield from cnil(case, instant, met)
        yield due.Due("LOPMI72", {"fr": "Plainte", "en": "Complaint"}, instant, instant + HOURS_72)

    monkeypatch.setitem(due._by_strand, "cyber", more)
    with time.using(time.still(MONDAY + timedelta(hours=40))), atomic(SYSTEM):
        service.refresh(world.responder, cases.find_case(world.responder, case_id))
    assert clock_named().state == "done"
    assert clock_named("LOPMI72").state == "running"


def test_a_duty_that_may_not_apply_is_neither_reminded_nor_called_overdue(
    world, case_id, monkeypatch
):
    def doubtful(case, instant, _met):
        for one in cnil(case, instant, _met):
            yield due.Due(
                **{name: getattr(one, name) for name in one.__slots__}
                | {"about": {"verdict": "unknown"}}
            )

    monkeypatch.setitem(due._by_strand, "cyber", doubtful)
    known(world, case_id)
    with time.using(time.still(MONDAY + timedelta(days=9))):
        assert (sweeps.remind(), sweeps.mark_breached()) == (0, 0)
    assert not clock_named().late

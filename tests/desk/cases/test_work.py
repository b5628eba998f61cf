"""Working on a case: each act, what it changes, what it leaves in timeline and journal."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access.models import Membership
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from cyberdesk.desk.cases import service
from cyberdesk.desk.cases.models import Case, CaseEnding, CaseLink, CaseMessage
from tests.desk.cases.conftest import HOUSE, at_desk, ending


def kinds(actor, case):
    return [line.kind for line in service.timeline(actor, case)][1:]


def journal(case_id):
    with atomic(SYSTEM) as s:
        wanted = select(AuditEntry.action).where(AuditEntry.case_id == case_id)
        return s.scalars(wanted.order_by(AuditEntry.at, AuditEntry.id)).all()


def test_taking_makes_it_mine_and_moves_it_down_the_queue(world):
    with at_desk(world.responder, world.open_case()) as case:
        before = case.rank
        service.take(world.responder, case)
        assert (case.owner_id, case.owner_name) == (world.responder.id, "Camille Roux")
        assert case.taken_at is not None
        assert case.rank < before
        assert kinds(world.responder, case) == ["case:taken"]
    assert journal(case.id) == ["case:open", "case:read", "case:take"]


def test_the_second_to_take_learns_who_was_faster(world):
    case_id = world.open_case()
    with at_desk(world.responder, case_id) as case:
        service.take(world.responder, case)
        service.take(world.responder, case)
    with at_desk(world.second, case_id) as case:
        with pytest.raises(ConflictError) as refusal:
            service.take(world.second, case)
        assert "Camille Roux" in str(refusal.value.message)
        assert kinds(world.second, case) == ["case:taken"]


def test_handing_over_keeps_the_note_and_only_within_the_desk(world):
    case_id = world.open_case()
    with at_desk(world.responder, case_id) as case:
        service.take(world.responder, case)
        service.hand_over(world.responder, case, to=world.second.id, note_to="rappeler à 14 h")
        assert case.owner_name == "Noé Blanc"
        line = service.timeline(world.responder, case)[-1]
        assert (line.words, line.desk_only) == ("rappeler à 14 h", True)
        with pytest.raises(ForbiddenError):
            service.hand_over(world.responder, case, to=world.lead.id, note_to="x")
    with at_desk(world.lead, case_id) as case:
        with pytest.raises(InvalidError):
            service.hand_over(world.lead, case, to=world.stranger.id, note_to="x")
        with pytest.raises(InvalidError):
            service.hand_over(world.lead, case, to=world.responder.id, note_to="  ")
        service.hand_over(world.lead, case, to=world.responder.id, note_to="à toi")
        assert case.owner_id == world.responder.id


def test_giving_back_puts_it_before_everybody_again(world):
    with at_desk(world.responder, world.open_case()) as case:
        rank = case.rank
        service.take(world.responder, case)
        service.release(world.responder, case, reason="fin de service")
        assert (case.owner_id, case.rank) == (None, rank)
        with pytest.raises(ConflictError):
            service.release(world.responder, case, reason="encore")


def test_escalating_moves_up_and_a_lead_settles_it(world):
    case_id = world.open_case()
    with at_desk(world.responder, case_id) as case:
        rank = case.rank
        service.escalate(world.responder, case, reason="14 communes")
        assert case.rank > rank
        with pytest.raises(ForbiddenError):
            service.answer_escalation(world.responder, case, answer="ok")
    with at_desk(world.lead, case_id) as case:
        service.answer_escalation(world.lead, case, answer="je prends la presse")
        assert (case.rank, case.escalated_at) == (rank, None)


def test_a_severity_set_by_hand_keeps_its_reason_and_can_go_back(world):
    with at_desk(world.responder, world.open_case()) as case:
        service.override_severity(world.responder, case, to=4, reason="paie arrêtée")
        assert (case.level, case.severity, case.computed_level) == (4, 95, 3)
        assert (case.override_reason, case.overridden_by) == ("paie arrêtée", "Camille Roux")
        with pytest.raises(InvalidError):
            service.override_severity(world.responder, case, to=5, reason="x")
        with pytest.raises(InvalidError):
            service.override_severity(world.responder, case, to=2, reason=" ")
        service.drop_override(world.responder, case, reason="erreur")
        assert (case.level, case.severity, case.overridden_at) == (3, 74, None)


def test_a_thread_with_read_marks_and_what_waits_for_an_answer(world):
    case_id, start = world.open_case(), clock.now()
    with (
        clock.using(clock.still(start + timedelta(minutes=1))),
        at_desk(world.member, case_id) as c,
    ):
        service.write(world.member, c, body="le serveur fume")
    with (
        clock.using(clock.still(start + timedelta(minutes=2))),
        at_desk(world.responder, case_id) as c,
    ):
        assert c.wrote_at == start + timedelta(minutes=1)
        assert service.unread(world.responder, c) == 1
        service.add_note(world.responder, c, body="inquiétant")
        service.mark_read(world.responder, c)
        assert service.unread(world.responder, c) == 0
        assert c.wrote_at is not None
        service.write(world.responder, c, body="débranchez")
        assert c.wrote_at is None
    with (
        clock.using(clock.still(start + timedelta(minutes=3))),
        at_desk(world.member, case_id) as c,
    ):
        assert service.unread(world.member, c) == 1
        said = [m.body for m in service.messages(world.member, c)]
        assert said == ["le serveur fume", "débranchez"]
        service.mark_read(world.member, c)
    with at_desk(world.responder, case_id) as c:
        assert service.read_by(c, "commune").at == start + timedelta(minutes=3)
        assert [m.desk_only for m in service.messages(world.responder, c)] == [False, True, False]


def test_a_note_is_out_of_the_communes_reach_in_the_database_too(world):
    case_id = world.open_case()
    with at_desk(world.responder, case_id) as c:
        service.add_note(world.responder, c, body="entre nous")
    with atomic(world.member.scope) as s:
        assert s.scalars(select(CaseMessage)).all() == []


def test_acknowledging_needs_no_written_answer(world):
    case_id = world.open_case()
    with at_desk(world.member, case_id) as c:
        service.write(world.member, c, body="merci")
        service.acknowledge(world.member, c)
        assert c.wrote_at is not None
    with at_desk(world.responder, case_id) as c:
        service.acknowledge(world.responder, c)
        assert c.wrote_at is None


def test_what_is_written_is_sealed_in_its_row(world):
    case_id = world.open_case()
    with at_desk(world.responder, case_id) as c:
        message = service.write(world.responder, c, body="mot de passe du maire")
        person = service.add_person(world.responder, c, role="mayor", name="Mme Fictive")
        session().flush()
        for held in (message.body_sealed, person.contact_sealed):
            assert b"maire" not in held
            assert b"Fictive" not in held


def test_a_call_that_reached_somebody_keeps_the_promise(world):
    case_id = world.open_case()
    with at_desk(world.responder, case_id) as c:
        service.set_next_due(c, "callback", clock.now() - timedelta(minutes=5), {"fr": "Rappel"})
        rank = c.rank
        service.log_call(world.responder, c, role="declarant", outcome="no-answer")
        assert c.next_due_from == "callback"
        service.log_call(
            world.responder, c, role="declarant", outcome="reached", minutes=9, words="confirmé"
        )
        assert c.next_due_at is None
        assert c.rank < rank
    with at_desk(world.member, case_id) as c:
        assert kinds(world.member, c) == ["case:call", "case:call"]


def test_the_chronology_reaches_back_but_not_ahead(world):
    case_id, long_ago = world.open_case(), clock.now() - timedelta(days=12)
    with at_desk(world.responder, case_id) as c:
        service.chronicle(world.responder, c, at=long_ago, words="premier accès par le VPN")
        assert service.timeline(world.responder, c)[0].at == long_ago
        with pytest.raises(InvalidError):
            service.chronicle(
                world.responder, c, at=clock.now() + timedelta(hours=1), words="demain"
            )


def test_people_are_corrected_and_ended_never_deleted(world):
    case_id = world.open_case()
    with at_desk(world.responder, case_id) as c:
        person = service.add_person(
            world.responder, c, role="provider", name="Info-Modèle", phone="04 00 00 00 00"
        )
        service.change_person(world.responder, person, name="Info-Modèle SARL")
        assert [p.contact["name"] for p in service.people(world.responder, c)] == [
            "Info-Modèle SARL"
        ]
        service.end_person(world.responder, person)
        assert service.people(world.responder, c) == []
        with pytest.raises(ConflictError):
            service.end_person(world.responder, person)
        with pytest.raises(InvalidError):
            service.add_person(world.responder, c, role="king", name="x")


def test_merging_moves_nothing_and_unmerging_loses_nothing(world):
    one, two = world.open_case(), world.open_case()
    with at_desk(world.responder, one) as c:
        service.write(world.responder, c, body="premier fil")
        other = service.access_case(world.responder, two)
        service.merge(world.responder, c, into=other, reason="deux déclarations du même matin")
        assert (c.state, c.outcome, c.duplicate_of_id) == ("closed", "duplicate", two)
        with pytest.raises(ConflictError):
            service.reopen_case(world.responder, c, reason="x")
        with pytest.raises(ConflictError):
            service.merge(world.responder, other, into=c, reason="boucle")
        service.unmerge(world.responder, c, reason="deux attaques")
        assert (c.state, c.duplicate_of_id) == ("open", None)
        assert [m.body for m in service.messages(world.responder, c)] == ["premier fil"]
        assert service.links_of(world.responder, c) == []
        service.merge(world.responder, c, into=other, reason="finalement oui")


def test_cases_of_two_organisations_are_related_never_merged(world):
    ours, theirs = world.open_case(world.north), world.open_case(world.south)
    with at_desk(world.responder, ours) as c:
        other = service.access_case(world.responder, theirs)
        with pytest.raises(ConflictError):
            service.merge(world.responder, c, into=other, reason="même attaque")
        made = service.link(world.responder, c, other=other, reason="même prestataire")
        with pytest.raises(ConflictError):
            service.link(world.responder, other, other=c, reason="encore")
        assert [one.id for one in service.links_of(world.responder, other)] == [made.id]
    with atomic(world.member.scope) as s:
        assert s.scalars(select(CaseLink)).all() == []
        case = service.access_case(world.member, ours)
        assert kinds(world.member, case) == []
    with at_desk(world.responder, ours) as c:
        service.unlink(world.responder, service.links_of(world.responder, c)[0], reason="non")
        assert service.links_of(world.responder, c) == []


def test_closing_an_incident_asks_for_all_that_is_missing_at_once(world):
    with at_desk(world.responder, world.open_case()) as c:
        with pytest.raises(InvalidError) as refusal:
            service.close_case(
                world.responder, c, outcome="incident", determination="confirmed", letter=""
            )
        assert set(refusal.value.fields) == {
            "letter", "causes", "damages", "cause", "damage", "lessons",
        }  # fmt: skip
        with pytest.raises(InvalidError) as refusal:
            service.close_case(world.responder, c, **ending(causes=["sorcery"]))
        assert set(refusal.value.fields) == {"causes"}
        assert c.is_open


def test_a_false_alarm_needs_a_letter_only(world):
    with at_desk(world.responder, world.open_case()) as c:
        service.close_case(
            world.responder,
            c,
            outcome="false-alarm",
            determination="false-positive",
            letter="Rien de grave.",
        )
        assert (c.state, c.outcome, c.rank) == ("closed", "false-alarm", 0)


def test_a_closed_case_refuses_work_until_it_is_reopened_and_keeps_its_endings(world):
    case_id = world.open_case()
    with at_desk(world.responder, case_id) as c:
        service.close_case(world.responder, c, **ending())
        with pytest.raises(ConflictError):
            service.take(world.responder, c)
        service.write(world.responder, c, body="une précision après la clôture")
        service.reopen_case(world.responder, c, reason="le rançongiciel est revenu")
        service.take(world.responder, c)
        service.close_case(world.responder, c, **ending(letter="Cette fois c’est fini."))
        letters = [e.letter for e in service.endings(world.responder, c)]
        assert letters == ["Cette fois c’est fini.", "Madame le maire, c’est terminé."]
    with atomic(SYSTEM) as s:
        assert len(s.scalars(select(CaseEnding)).all()) == 2


def test_a_form_filled_in_while_something_turned_is_refused_with_what_turned(world):
    case_id = world.open_case()
    with at_desk(world.responder, case_id) as c:
        seen = c.version
        service.write(world.responder, c, body="bonjour")
    with at_desk(world.second, case_id) as c:
        service.escalate(world.second, c, reason="talk does not turn a case", seen=seen)
    with at_desk(world.responder, case_id) as c:
        with pytest.raises(ConflictError) as refusal:
            service.close_case(world.responder, c, seen=seen, **ending())
        assert len(refusal.value.facts["changes"]) == 1
        assert "Noé Blanc" in refusal.value.facts["changes"][0]
        service.close_case(world.responder, c, seen=c.version, **ending())


def test_breaking_the_glass_is_for_leads_seen_by_the_desk_and_ends(world):
    case_id = world.open_case()
    with atomic(SYSTEM) as s:
        reference = s.get_one(Case, case_id).reference
    for who in ("responder", "member", "admin"):
        actor = world.actors[who]
        with pytest.raises(ForbiddenError), atomic(actor.scope):
            service.break_glass(actor, reference=reference, reason="x")
    lead = world.stranger
    with pytest.raises(NotFoundError), atomic(lead.scope):
        service.break_glass(lead, reference="CD-000-000", reason="feu")
    with pytest.raises(InvalidError), atomic(lead.scope):
        service.break_glass(lead, reference=reference, reason=" ")
    with pytest.raises(ConflictError), atomic(world.lead.scope):
        service.break_glass(world.lead, reference=reference, reason="déjà à nous")
    with atomic(lead.scope):
        opened = service.break_glass(lead, reference=reference, reason="incendie du campus")
        assert opened.until - opened.at == timedelta(hours=4)
    with at_desk(world.responder, case_id) as c:
        assert kinds(world.responder, c) == ["case:break-glass"]
        (seen,) = service.broken_into(c)
        assert (seen.person_name, seen.reason) == ("Paul Ailleurs", "incendie du campus")
        with clock.using(clock.still(clock.now() + timedelta(hours=5))):
            assert service.broken_into(c) == []
    assert "case:break-glass" in journal(case_id)
    with at_desk(world.again(lead), case_id) as c:
        service.take(world.again(lead), c)


def test_the_glass_can_be_broken_again_once_it_is_whole(world):
    case_id, lead = world.open_case(), world.stranger
    with atomic(SYSTEM) as s:
        reference = s.get_one(Case, case_id).reference
    for hours in (0, 5):
        with clock.using(clock.still(clock.now() + timedelta(hours=hours))), atomic(lead.scope):
            opened = service.break_glass(lead, reference=reference, reason="incendie")
    with atomic(SYSTEM) as s:
        held = s.scalars(select(Membership).where(Membership.case_id == case_id)).all()
    assert [one.ended_at for one in held] == [opened.until]


def test_the_team_is_named_for_handing_over(world):
    with atomic(world.responder.scope):
        assert [(c.name, c.lead) for c in service.team("cyber")] == [
            ("Aïcha Lebon", True), ("Camille Roux", False), ("Noé Blanc", False),
        ]  # fmt: skip


def test_the_house_writes_without_being_journalled_as_a_reader(world):
    case_id = world.open_case()
    with atomic(SYSTEM):
        service.access_case(HOUSE, case_id)
    assert journal(case_id) == ["case:open"]

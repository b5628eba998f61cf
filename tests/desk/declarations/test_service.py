"""A declaration from its first answer to its case, through the services."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from cyberdesk.core import clock
from cyberdesk.core.access import ANONYMOUS, Actor, ActorKind
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.crypto.models import DataKey
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from cyberdesk.core.events import events
from cyberdesk.core.hygiene import clean_form
from cyberdesk.core.text import speaking
from cyberdesk.desk.cases.models import Case, CaseEvent
from cyberdesk.desk.cases.story import sentence
from cyberdesk.desk.clocks.models import Awareness
from cyberdesk.desk.declarations import service, ways
from cyberdesk.desk.declarations.intake import intake_of
from cyberdesk.desk.declarations.models import Declaration, KeptForm
from cyberdesk.desk.declarations.service.stale import KEPT, drop_stale
from cyberdesk.desk.declarations.service.starting import FLOOD
from cyberdesk.strands.cyber.models import Triage
from tests.factories.declarations import (
    RANSOMWARE,
    SHORT,
    answer,
    begin,
    make_declaration,
    renew,
    send,
)
from tests.factories.people import make_organisation


def held(begun):
    return service.access_declaration(begun.actor)


def save(begun, page, **fields):
    with atomic(begun.actor.scope):
        return service.save(begun.actor, held(begun), page, clean_form(fields))


def in_days(days):
    return clock.using(lambda: datetime.now(UTC) + timedelta(days=days))


def test_starting_gives_a_spoken_reference_a_code_and_a_link(database):
    begun = begin()
    assert begun.reference.startswith("CD-")
    assert len(begun.code) == 10
    assert begun.actor.kind is ActorKind.LINK
    with atomic(begun.actor.scope):
        assert held(begun).reference == begun.reference


def test_neither_code_nor_token_nor_answers_stand_in_the_database(database):
    begun = begin(typed_name="Syndicat des eaux du Valfleur")
    answer(begun, RANSOMWARE)
    with atomic(SYSTEM) as s:
        rows = s.connection().exec_driver_sql(
            "SELECT d::text || w::text || l::text FROM declarations d, ways w, private_links l"
        )
        text = " ".join(rows.scalars().all())
        journal = b"".join(s.scalars(select(AuditEntry.payload)).all())
    for secret in (begun.code, begun.token, "Valfleur", "Nadia", "06 12"):
        assert secret not in text
        assert secret.encode() not in journal


def test_answers_are_kept_screen_by_screen_and_the_wrong_one_is_not(database):
    begun = begin()
    answer(begun, {"sees": RANSOMWARE["sees"]})
    saved = save(begun, "reach", callback_phone=["pas un numéro"], callback_name=["Nadia"])
    assert set(saved.reading.errors) == {"callback_phone"}
    with atomic(begun.actor.scope):
        answers = held(begun).answers
    assert answers["sees"] == ["ransom_note", "nothing_opens"]
    assert answers["callback_name"] == "Nadia"
    assert "callback_phone" not in answers


def test_a_field_that_the_screen_does_not_have_is_refused(database):
    begun = begin()
    with pytest.raises(InvalidError):
        save(begun, "sees", role=["admin"])


def test_signs_that_cannot_be_seen_are_taken_out_and_noted(database):
    begun = begin()
    saved = save(
        begun, "reach", callback_phone=["06 12 34 56 78"], callback_name=["Na\u202edia\u200b"]
    )
    assert saved.hidden == 2
    with atomic(begun.actor.scope):
        assert held(begun).answers["callback_name"] == "Nadia"
        assert held(begun).doubts == ["hidden-characters"]


def test_one_declarant_cannot_reach_the_other(database):
    mine, yours = begin(), begin()
    refusals = set()
    with atomic(mine.actor.scope):
        for wanted in (yours.id, UUID(int=5)):
            with pytest.raises(NotFoundError) as refused:
                service.access_declaration(mine.actor, wanted)
            refusals.add(str(refused.value))
        assert session().scalars(select(Declaration.id)).all() == [mine.id]
    assert len(refusals) == 1


def test_sending_opens_one_case_however_often(database):
    begun, case_id = make_declaration()
    assert send(begun) == case_id
    assert send(renew(begun)) == case_id
    with atomic(SYSTEM) as s:
        case = s.scalars(select(Case)).one()
        declaration = s.scalars(select(Declaration)).one()
        key = s.get_one(DataKey, case.key_id)
        assert case.reference == begun.reference
        assert (case.subject, case.level) == ("ransomware", 3)
        assert declaration.case_id == case.id == key.holder_id
        assert (key.kind, declaration.state) == ("case", "sent")
        assert case.next_due_from == "callback"
        assert case.waits_on == "responder"
        assert s.scalar(select(func.count()).select_from(Awareness)) == 1


def test_the_declarant_then_reaches_the_case_and_can_no_longer_change_answers(database):
    begun, case_id = make_declaration()
    with atomic(begun.actor.scope):
        assert session().get(Case, case_id) is not None
    with pytest.raises(ConflictError):
        save(begun, "done", done=["nothing"])


def test_a_required_answer_is_asked_for_before_sending(database):
    begun = begin()
    answer(begun, {"sees": SHORT["sees"]})
    with atomic(begun.actor.scope), pytest.raises(InvalidError) as refused:
        service.send(begun.actor, held(begun))
    assert set(refused.value.fields) == {"callback_phone"}


def test_i_do_not_know_everywhere_is_enough(database):
    _, case_id = make_declaration(screens=SHORT)
    with atomic(SYSTEM) as s:
        case = s.get_one(Case, case_id)
        assert case.subject == "unknown"
        assert case.level >= 1


def test_awareness_is_dated_authored_and_cannot_be_changed(database):
    begun, _ = make_declaration()
    with atomic(SYSTEM) as s:
        row, declaration = s.scalars(select(Awareness)).one(), s.scalars(select(Declaration)).one()
        assert row.at < declaration.started_at < row.recorded_at
        assert row.precision == "day"
        assert row.words == "Ce matin (Nadia Prévost)"
        assert row.author_id == begun.actor.id
        line = s.scalars(select(CaseEvent).where(CaseEvent.kind == "clock:awareness")).one()
        assert line.at == row.at
    with pytest.raises(ProgrammingError, match="permission denied"), atomic(SYSTEM) as s:
        s.connection().exec_driver_sql("UPDATE awareness SET at = now()")


def test_when_nobody_knows_since_when_the_declaration_itself_counts(database):
    make_declaration(screens=SHORT)
    with atomic(SYSTEM) as s:
        row, declaration = s.scalars(select(Awareness)).one(), s.scalars(select(Declaration)).one()
        assert row.at == declaration.started_at
        line = s.scalars(select(CaseEvent).where(CaseEvent.kind == "clock:awareness")).one()
        assert not row.words, "nobody said a word of it"
        assert not line.words
        for spoken, told in (("fr", "la déclaration fait foi"), ("en", "the declaration counts")):
            with speaking(spoken):
                assert told in sentence(line)


def test_clocks_and_others_hear_of_it_in_the_same_transaction(database):
    heard = []
    aware, sent = "case:awareness", "declaration:submitted"
    events.subscribe(aware, lambda case, actor, at: heard.append(case.id))
    events.subscribe(sent, lambda declaration, case, actor: heard.append(case.id))
    try:
        _, case_id = make_declaration()
    finally:
        for name in (aware, sent):
            events._handlers[name].pop()
    assert heard == [case_id, case_id]


def test_an_organisation_typed_freely_is_made_unverified_and_is_not_found_by_name(database):
    begun, case_id = make_declaration(typed_name="Syndicat des eaux")
    with atomic(SYSTEM) as s:
        organisation = s.get_one(Case, case_id).organisation
        assert (organisation.kind, organisation.name) == ("other", "Syndicat des eaux")
        assert organisation.facts == {"verified": False}
        assert organisation.search == ""
    assert begun.actor.scope.cases == {case_id}


def test_lookalikes_are_of_the_same_organisation_only(database):
    commune, other = make_organisation(), make_organisation()
    _, first = make_declaration(commune)
    make_declaration(other)
    _, second = make_declaration(commune)
    with atomic(SYSTEM) as s:
        found = s.scalars(select(Triage).where(Triage.case_id == second)).one().lookalikes
    assert [one["case"] for one in found] == [str(first)]
    assert found[0]["same_type"]


def test_the_commune_does_not_see_what_triage_found(database):
    begun, _ = make_declaration()
    with atomic(begun.actor.scope) as s:
        assert s.scalars(select(Triage)).all() == []


def test_someone_too_fast_is_doubted_and_still_heard(database):
    _, case_id = make_declaration(doubts=(FLOOD,))
    with atomic(SYSTEM) as s:
        found = s.scalars(select(Triage).where(Triage.case_id == case_id)).one()
        assert found.doubts == ["flood", "too-fast"]


def test_coming_back_needs_both_reference_and_code(database):
    begun, other = begin(), begin()

    def come_back(reference, code):
        with atomic():
            return service.come_back(ANONYMOUS, reference=reference, code=code).token

    assert come_back(begun.reference, "0000000000") is None
    assert come_back(begun.reference, other.code) is None
    assert come_back("CD-000-000", begun.code) is None
    spoken = begun.reference.replace("-", " ").lower()
    token = come_back(spoken, f"{begun.code[:5]} {begun.code[5:]}")
    with atomic():
        assert ways.actor_of(token).scope.declarations == {begun.id}


def test_guessing_slows_the_network_that_guesses_and_nobody_else(database):
    begun = begin()

    def come_back(address, code):
        with atomic():
            actor = Actor(ActorKind.ANONYMOUS, address=address)
            return service.come_back(actor, reference=begun.reference, code=code)

    waits = [come_back("203.0.113.9", "1111111111").wait for _ in range(12)]
    assert waits[0] == timedelta()
    assert timedelta() < waits[-1] <= timedelta(minutes=10)
    assert come_back("203.0.113.9", begun.code).token is None
    assert come_back("198.51.100.7", begun.code).token
    with in_days(1):
        assert come_back("203.0.113.9", begun.code).token


def test_a_link_ends_when_it_is_revoked_and_by_itself(database):
    begun, later = begin(), begin()
    with atomic(begun.actor.scope) as s:
        ways.end(begun.actor, s.get_one(ways.Way, begun.actor.id))
    with atomic():
        assert ways.actor_of(begun.token) is None
        assert ways.actor_of(later.token) is not None
        with in_days(91):
            assert ways.actor_of(later.token) is None
        assert ways.actor_of("x" * 100) is None
        assert ways.actor_of("") is None


def test_a_draft_keeps_the_questionnaire_it_was_begun_with(database, monkeypatch):
    begun, intake = begin(), intake_of("cyber")
    document = intake.current().document.replace("Que voyez-vous", "Que se passe-t-il")
    newer = intake.restore(document)
    monkeypatch.setattr(type(intake), "current", lambda _: newer)
    with atomic(begun.actor.scope):
        kept = service.form_of(held(begun))
        assert kept.version != newer.version
        assert kept.pages({})[0].title.startswith("Que voyez-vous")
    with atomic() as s:
        assert s.scalars(select(KeptForm.version)).all() == [kept.version]


def test_a_forgotten_draft_loses_its_key_and_a_sent_one_never(database):
    forgotten, (sent, _) = begin(), make_declaration()
    answer(forgotten, {"sees": SHORT["sees"]})
    with in_days(KEPT.days + 1):
        assert drop_stale() == 1
        assert drop_stale() == 0
    with atomic(forgotten.actor.scope), pytest.raises(NotFoundError):
        held(forgotten)
    with atomic(sent.actor.scope):
        assert held(sent).answers["callback_name"] == "Nadia Prévost"


def test_a_stranger_may_not_answer(database):
    begun = begin()
    with atomic(begun.actor.scope):
        declaration = held(begun)
        with pytest.raises(ForbiddenError):
            service.save(Actor(ActorKind.LINK), declaration, "sees", clean_form(SHORT["sees"]))

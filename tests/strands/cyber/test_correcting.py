"""A responder corrects one fact: it is kept with who, when and why, and what hangs on it follows."""

import pytest
from sqlalchemy import select

from cyberdesk.core.access import system
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.crypto import vault
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import CaseEvent
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.clocks.models import EXCLUDED, RUNNING, Clock
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.strands.cyber import service
from cyberdesk.strands.cyber.case_facts import facts_of
from cyberdesk.strands.cyber.models import FactCorrection
from tests.desk.cases.conftest import ending
from tests.factories.declarations import make_declaration, renew
from tests.factories.people import make_organisation, sign_in

HOUSE = system("test")
WHY = "La DGS, au téléphone : la police est chez Groupama."


@pytest.fixture
def declared():
    return make_declaration()


@pytest.fixture
def case_id(responder, declared):
    return declared[1]


def correct(desk, case_id, fact="insured", said="no", reason=WHY, **more):
    with atomic(desk.scope):
        case = cases.access_case(desk, case_id)
        service.correct(desk, case, fact=fact, said=said, reason=reason, **more)


def fact(case_id, name="insured"):
    with atomic(SYSTEM):
        return facts_of(cases.find_case(HOUSE, case_id))[name]


def complaint(case_id):
    with atomic(SYSTEM) as session:
        wanted = select(Clock).where(Clock.case_id == case_id, Clock.name == "LOPMI")
        return session.scalars(wanted).one()


def test_the_answers_stay_and_the_correction_wins(desk, case_id):
    with atomic(SYSTEM) as session:
        before = session.scalars(select(Declaration)).one().answers["insured"]
    assert fact(case_id) is True
    correct(desk, case_id)
    assert fact(case_id) is False
    with atomic(SYSTEM) as session:
        assert session.scalars(select(Declaration)).one().answers["insured"] == before
        kept = session.scalars(select(FactCorrection)).one()
        assert (kept.fact, kept.before, kept.said) == ("insured", "yes", "no")
        assert (kept.author_name, kept.reason) == ("Ada Desk", WHY)
        assert WHY.encode() not in kept.reason_sealed


def test_it_is_told_and_journalled(desk, case_id):
    correct(desk, case_id)
    with atomic(SYSTEM) as session:
        line = session.scalars(select(CaseEvent).where(CaseEvent.kind == "fact:corrected")).one()
        assert (line.words, line.actor_name) == (WHY, "Ada Desk")
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "fact:correct")).one()
        assert entry.case_id == case_id
        assert WHY not in str(entry.payload), "the journal holds no words"


def test_the_running_playbook_is_told(desk, case_id):
    def heard():
        with atomic(SYSTEM) as session:
            runs = session.scalars(select(Run).where(Run.case_id == case_id))
            return [run.state["facts"]["case.insured"] for run in runs]

    assert heard() == [True]
    correct(desk, case_id)
    assert heard() == [False]


def test_a_deadline_lapses_with_its_fact_and_comes_back_with_it(desk, case_id):
    assert complaint(case_id).state == RUNNING
    due = complaint(case_id).due_at
    correct(desk, case_id)
    assert complaint(case_id).state == EXCLUDED
    correct(desk, case_id, said="told", reason="Elle s’était trompée de contrat.")
    again = complaint(case_id)
    assert (again.state, again.due_at) == (RUNNING, due)
    with atomic(SYSTEM) as session:
        kinds = session.scalars(select(CaseEvent.kind)).all()
        assert {"clock:excluded", "clock:resumed"} <= set(kinds)
        assert len(session.scalars(select(FactCorrection)).all()) == 2, "nothing is deleted"


def test_what_a_person_set_aside_stays_so(desk, case_id):
    with atomic(desk.scope):
        clock = clocks.access_clock(desk, complaint(case_id).id)
        clocks.exclude(desk, clock, reason="Déjà déposée par l’EPCI.")
    correct(desk, case_id)
    correct(desk, case_id, said="told")
    assert complaint(case_id).state == EXCLUDED


def test_what_the_answers_left_open_can_be_said(desk, case_id):
    assert fact(case_id, "nis2_category") is None
    correct(desk, case_id, fact="nis2_category", said="important")
    assert fact(case_id, "nis2_category") == "important"


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"reason": "  "}, {"reason"}),
        ({"said": "perhaps"}, {"said"}),
        ({"said": "essential"}, {"said"}),
        ({"reason": "a" * 2001}, {"reason"}),
    ],
)
def test_what_is_missing_is_said_at_its_field(desk, case_id, given, wrong):
    with pytest.raises(InvalidError) as refused:
        correct(desk, case_id, **given)
    assert set(refused.value.fields) == wrong
    assert fact(case_id) is True


def test_a_fact_of_the_house_or_of_nobody_is_none_of_the_case(desk, case_id):
    for name in ("nis2_law", "weather"):
        with pytest.raises(NotFoundError):
            correct(desk, case_id, fact=name)


def test_the_same_again_or_over_somebody_else_is_a_conflict(desk, case_id):
    with pytest.raises(ConflictError):
        correct(desk, case_id, said="yes")
    with pytest.raises(ConflictError):
        correct(desk, case_id, said="told")
    correct(desk, case_id)
    with pytest.raises(ConflictError, match="pendant que vous lisiez"):
        correct(desk, case_id, said="unknown", seen="yes")
    assert fact(case_id) is False


def test_a_closed_case_is_corrected_no_more(desk, case_id):
    with atomic(desk.scope):
        cases.close_case(desk, cases.access_case(desk, case_id), **ending())
    with pytest.raises(ConflictError):
        correct(desk, case_id)


def test_the_commune_corrects_nothing_itself(responder, declared):
    begun, case_id = declared
    victim = renew(begun).actor
    with atomic(victim.scope), pytest.raises(ForbiddenError):
        service.correct(
            victim, cases.find_case(victim, case_id), fact="insured", said="no", reason=WHY
        )


def test_the_pages_show_what_is_known_and_take_a_correction(app, responder, desk, declared):
    _begun, case_id = declared
    with atomic(SYSTEM):
        here = f"/desk/cases/{cases.find_case(desk, case_id).reference}"
    client = sign_in(app.test_client(), responder)
    assert "Ce que l’on sait" in client.get(here).text
    listed = client.get(f"{here}/facts").text
    assert f"{here}/facts/insured" in listed
    assert "nis2_law" not in listed
    form = client.get(f"{here}/facts/insured").text
    assert "Rançongiciel" in form, "the playbook that hears of it"
    assert client.submit(f"{here}/facts/insured", {"said": "no"}).status_code == 422
    sent = client.submit(f"{here}/facts/insured", {"said": "no", "reason": WHY})
    assert sent.status_code == 302
    assert "Ada Desk" in client.get(f"{here}/facts").text
    assert WHY in client.get(f"{here}/facts/insured").text.replace("&#39;", "’")
    told = client.get(f"{here}/timeline").text
    assert "Corrigé" in told


def test_a_case_opened_by_hand_is_told_its_facts(desk):
    said = {"fr": "Incident", "en": "Incident"}
    with atomic(SYSTEM):
        case_id = cases.open_case(
            HOUSE,
            strand="cyber",
            kind="incident",
            organisation_id=make_organisation().id,
            key_id=vault.create_key("case"),
            title=said,
            subject=None,
            rsit=None,
            severity=40,
            level=2,
            severity_why=said,
        ).id
    assert fact(case_id) is None
    correct(desk, case_id, said="yes")
    assert fact(case_id) is True
    correct(desk, case_id, said="told")
    assert fact(case_id) is None

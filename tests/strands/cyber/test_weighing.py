"""What a corrected fact weighs: the answers read as if they had told it, and a severity anew."""

import pytest
from sqlalchemy import select

from cyberdesk.core.access import system
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.levels import level
from cyberdesk.desk.cases.models import CaseEvent
from cyberdesk.desk.cases.story import sentence
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.strands.cyber import service
from cyberdesk.strands.cyber.case_facts import triage_of
from cyberdesk.strands.cyber.facts import load_facts
from cyberdesk.strands.cyber.questionnaire import UNKNOWN, chosen, load_questionnaire
from cyberdesk.strands.cyber.severity import assess
from cyberdesk.strands.cyber.weighing import EVERY, reread
from tests.factories.declarations import make_declaration
from tests.factories.people import sign_in
from tests.strands.cyber.test_scenarios import SCENARIOS, answers_of

WEIGHING = [name for name, sheet in load_facts().items() if sheet.stands_for]
SITE = {
    "sees": {"sees": ["website"]},
    "reach": {"callback_phone": ["06 39 98 12 30"]},
    "site": {"site_what": ["down"]},
    "services": {"services": ["leisure"]},
}
WHY = "La secrétaire, au téléphone."


@pytest.fixture
def case_id(responder):
    return make_declaration(screens=SITE)[1]


def correct(desk, case_id, fact="civil_status_stopped", said="yes"):
    with atomic(desk.scope):
        case = cases.access_case(desk, case_id)
        service.correct(desk, case, fact=fact, said=said, reason=WHY)


def computed(case_id):
    with atomic(SYSTEM):
        case = cases.find_case(system("test"), case_id)
        return case.computed_severity, case.computed_level


@pytest.mark.parametrize("fact", WEIGHING)
def test_what_a_fact_stands_for_is_asked(fact):
    asked, sheet = load_questionnaire().questions, load_facts()[fact]
    for named in (sheet.stands_for, sheet.falls_with):
        for question, options in named.items():
            assert set(options) <= {*asked[question].choices, EVERY}


@pytest.mark.parametrize("fact", WEIGHING)
@pytest.mark.parametrize("told", SCENARIOS, ids=lambda one: one["name"])
def test_a_worse_fact_never_weighs_less_nor_a_better_one_more(told, fact):
    answers, sheet = answers_of(told), load_facts()[fact]
    before, worse = assess(answers).score, reread(answers, {fact: "yes"})
    if all(sheet.stands_for.values()):
        assert sheet.told(worse) is True
    doubted = any(UNKNOWN in chosen(answers, question) for question in sheet.stands_for)
    if not doubted:  # what is found out may be less than what was feared
        assert assess(worse).score >= before
    assert assess(reread(answers, {fact: "no"})).score <= before


def test_none_and_unknown_stand_alone():
    services = {"sees": ["website"], "services": ["none"]}
    assert reread(services, {"civil_status_stopped": "yes"})["services"] == ["civil_status"]
    assert reread(services, {"services_stopped": "yes"})["services"] == [UNKNOWN]
    stopped = services | {"services": ["civil_status"]}
    assert reread(stopped, {"civil_status_stopped": "no"})["services"] == ["none"]
    assert reread(stopped, {"civil_status_stopped": "unknown"})["services"] == [UNKNOWN]
    both = {"services_stopped": "no", "civil_status_stopped": "yes"}
    assert reread(stopped, both)["services"] == ["civil_status"], "the particular after the general"
    assert reread({}, {"civil_status_stopped": "yes"}) == {}, "nothing was declared"


def test_severity_title_and_why_follow_and_go_back(desk, case_id):
    before = computed(case_id)
    correct(desk, case_id)
    after = computed(case_id)
    assert after > before
    with atomic(SYSTEM) as session:
        case = cases.find_case(desk, case_id)
        assert (case.severity, case.level) == after
        assert "état civil" in case.title["fr"]
        impact = next(one for one in triage_of(case).factors if one["name"] == "impact")
        assert impact["label"]["fr"] == "service essentiel"
        assert impact["label"]["fr"] in case.severity_why["fr"]
        told = session.scalars(select(CaseEvent).where(CaseEvent.kind == "case:triaged")).one()
        assert (told.facts["severity"], told.actor_name) == (after[0], "Ada Desk")
        moved = [f"{level(number).name}, {score}" for score, number in (before, after)]
        assert (
            sentence(told) == f"Gravité calculée\N{NARROW NO-BREAK SPACE}: {moved[0]} → {moved[1]}"
        )
        [run] = session.scalars(select(Run).where(Run.case_id == case_id))
        assert run.state["facts"]["case.civil_status_stopped"] is True
    correct(desk, case_id, said="told")
    assert computed(case_id) == before


def test_what_it_looks_like_follows_until_a_person_has_settled_it(desk, case_id):
    def found():
        with atomic(SYSTEM):
            case = cases.find_case(desk, case_id)
            return case.subject, triage_of(case).types[0]["type"]

    assert found() == ("denial_of_service", "denial_of_service")
    correct(desk, case_id, fact="ransom")
    assert found() == ("ransomware", "ransomware")
    with atomic(desk.scope):
        case = cases.access_case(desk, case_id)
        service.settle(desk, case, kind="denial_of_service", reason=WHY)
    correct(desk, case_id, fact="personal_data")
    assert found() == ("denial_of_service", "ransomware"), "what was settled stays"


def test_a_severity_set_by_a_person_stays_in_force(desk, case_id):
    with atomic(desk.scope):
        case = cases.access_case(desk, case_id)
        cases.override_severity(desk, case, to=4, reason="Le maire est à l’hôpital.")
    before = computed(case_id)
    correct(desk, case_id)
    assert computed(case_id) > before
    with atomic(SYSTEM):
        assert cases.find_case(desk, case_id).level == 4


def test_a_fact_that_weighs_nothing_moves_nothing(desk, case_id):
    before = computed(case_id)
    correct(desk, case_id, fact="insured")
    assert computed(case_id) == before
    with atomic(SYSTEM) as session:
        kinds = session.scalars(select(CaseEvent.kind)).all()
    assert "fact:corrected" in kinds
    assert "case:triaged" not in kinds


def test_the_page_says_what_would_change(app, responder, desk, case_id):
    with atomic(SYSTEM):
        here = f"/desk/cases/{cases.find_case(desk, case_id).reference}/facts"
    client = sign_in(app.test_client(), responder)
    before = computed(case_id)
    page = client.get(f"{here}/civil_status_stopped").text
    correct(desk, case_id)
    after = computed(case_id)
    names = {1: "Vigilance", 2: "Sérieux", 3: "Grave", 4: "Critique"}
    now, then = (f"{names[level]} {score}" for score, level in (before, after))
    assert f"Gravité calculée : {now} → {then}" in page.replace("\u00a0", " ").replace(
        "\u202f", " "
    )
    assert "reste la même" in client.get(f"{here}/insured").text

"""A responder confirms or changes the kind of attack, and everything that hangs on it follows."""

import pytest
from sqlalchemy import select

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ForbiddenError, InvalidError
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import CaseEvent
from cyberdesk.desk.clocks.models import Clock
from cyberdesk.desk.playbooks.models import Run
from cyberdesk.desk.tasks.models import OPEN, Task
from cyberdesk.rooms import open_rooms
from cyberdesk.strands.cyber import service
from cyberdesk.strands.cyber.case_facts import triage_of
from tests.factories.declarations import make_declaration, renew
from tests.factories.people import actor_of, make_organisation, make_person, sign_in
from tests.factories.playbooks import publish_some

SITE = {
    "sees": {"sees": ["website"]},
    "reach": {"callback_phone": ["06 39 98 12 30"]},
    "site": {"site_what": ["down"]},
    "support": {"insured": ["yes"]},
}


@pytest.fixture
def responder(database):
    open_rooms()
    publish_some("ransomware", "denial-of-service", "defacement", "generic")
    return make_person("responder")


@pytest.fixture
def desk(responder):
    return actor_of(responder)


def declare(screens=SITE, organisation=None):
    begun, case_id = make_declaration(organisation, screens=screens)
    return begun, case_id


def settle(desk, case_id, **given):
    with atomic(desk.scope):
        service.settle(desk, cases.access_case(desk, case_id), **given)


def test_confirming_needs_no_reason_and_makes_doubtful_duties_certain(desk):
    _, case_id = declare()
    with atomic(SYSTEM) as session:
        assert session.scalars(select(Clock).where(Clock.name == "LOPMI")).one().force == "should"
    settle(desk, case_id, kind="denial_of_service")
    with atomic(SYSTEM) as session:
        complaint = session.scalars(select(Clock).where(Clock.name == "LOPMI")).one()
        assert (complaint.force, complaint.about["verdict"]) == ("must", "applies")
        found = triage_of(cases.find_case(desk, case_id))
        assert (found.settled_type, found.settled_by) == ("denial_of_service", desk.name)
        lines = session.scalars(select(CaseEvent.kind)).all()
        assert "triage:settled" in lines
        assert "case:triaged" not in lines, "the severity has not moved"


def test_another_kind_needs_its_reason_and_changes_title_type_and_rsit(desk):
    _, case_id = declare()
    with pytest.raises(InvalidError) as refused:
        settle(desk, case_id, kind="defacement")
    assert set(refused.value.fields) == {"reason"}
    settle(desk, case_id, kind="defacement", reason="La page d’accueil montre un drapeau.")
    with atomic(SYSTEM):
        case = cases.find_case(desk, case_id)
        assert (case.subject, case.title["fr"]) == ("defacement", "Site internet défiguré")
        assert case.rsit == "information-content-security/unauthorised-information-modification"


def test_the_playbook_of_the_kind_begins_and_the_other_may_end(desk):
    _, case_id = declare()
    with atomic(desk.scope):
        case = cases.access_case(desk, case_id)
        service.settle(desk, case, kind="ransomware", reason="Un message de rançon est apparu.")
        assert service.follow(desk, case, instead=True) == "Rançongiciel"
        assert service.follow(desk, case, instead=True) is None, "it runs already"
    with atomic(SYSTEM) as session:
        runs = dict(session.execute(select(Run.name, Run.status)).all())
        assert runs == {"denial_of_service": "cancelled", "ransomware": "running"}
        left = session.scalars(select(Task).where(Task.state == OPEN, Task.run_id.isnot(None)))
        assert {"unplug", "call_back"} <= {task.name for task in left}


def test_what_is_only_a_question_loses_its_severity_and_its_deadlines(desk):
    _, case_id = declare(SITE | {"services": {"services": ["water"]}})
    settle(desk, case_id, kind="question", reason="Le maire veut préparer un exercice.")
    with atomic(SYSTEM) as session:
        case = cases.find_case(desk, case_id)
        assert (case.level, case.subject) == (1, "question")
        states = dict(session.execute(select(Clock.name, Clock.state)).all())
        assert states
        assert set(states.values()) == {"excluded"}
        assert all(clock.reason for clock in session.scalars(select(Clock)))


def test_an_unknown_kind_or_rsit_type_is_refused(desk):
    _, case_id = declare()
    for wrong in ({"kind": "weather", "reason": "x"}, {"kind": "denial_of_service", "rsit": "a/b"}):
        with pytest.raises(InvalidError):
            settle(desk, case_id, **wrong)


def test_the_commune_does_not_settle_it(desk):
    begun, case_id = declare()
    victim = renew(begun).actor
    with atomic(victim.scope), pytest.raises(ForbiddenError):
        service.settle(victim, cases.find_case(victim, case_id), kind="denial_of_service")


def test_the_page_shows_the_proposal_and_the_look_alike_of_the_same_commune(app, responder, desk):
    commune, other = make_organisation(), make_organisation()
    declare(organisation=other)
    _, first = declare(organisation=commune)
    _, second = declare(organisation=commune)
    with atomic(SYSTEM):
        earlier, later = (cases.find_case(desk, one) for one in (first, second))
        earlier_ref, later_ref = earlier.reference, later.reference
    client = sign_in(app.test_client(), responder)
    page = client.get(f"/desk/cases/{later_ref}").text
    assert "Peut-être déclaré deux fois" in page
    assert f"/do/merge?other={earlier_ref}" in page
    assert page.count("C’est un doublon") >= 1
    form = client.get(f"/desk/cases/{later_ref}/do/merge?other={earlier_ref}").text
    assert f'value="{earlier_ref}"' in form
    settled = client.get(f"/desk/cases/{later_ref}/type").text
    assert "Déni de service" in settled

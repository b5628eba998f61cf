"""Nobody reaches what is not theirs, whatever the address: absent and forbidden are one 404."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cyberdesk.core import clock
from cyberdesk.core.access.api_tokens import access_token, revoke_token, tokens_of
from cyberdesk.core.access.models import Membership, Person
from cyberdesk.core.access.people.service.accounts import reset_means
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.tasks import service as tasks
from tests.desk.cases.conftest import ending
from tests.desk.tasks.test_tasks import RUN, asked
from tests.factories import make_person, sign_in
from tests.factories.machines import API, make_machine

READS = ("", "/timeline", "/messages", "/endings", "/tasks", "/clocks")
ACTS = {
    "/take": None,
    "/release": {"reason": "x"},
    "/hand-over": {"to": str(uuid4()), "note": "x"},
    "/escalate": {"reason": "x"},
    "/severity": {"to": 4, "reason": "x"},
    "/severity/computed": {"reason": "x"},
    "/close": ending(),
    "/reopen": {"reason": "x"},
    "/notes": {"body": "x"},
    "/messages": {"body": "x"},
}
NOWHERE = "CD-000-000"


def told(answer):
    return answer.status_code, answer.mimetype, answer.json


@pytest.mark.parametrize("who", ["southerner", "stranger"])
def test_a_case_of_another_tenant_is_as_if_it_were_not(machine_of, open_case, who):
    machine, reference = machine_of(who), open_case()
    assert machine.get("/cases").json["data"] == []
    for part in READS:
        theirs = told(machine.get(f"/cases/{reference}{part}"))
        assert theirs[:2] == (404, "application/problem+json"), part
        assert theirs == told(machine.get(f"/cases/{NOWHERE}{part}"))


def test_nobody_elsewhere_acts_on_it(machine_of, open_case):
    machine, reference = machine_of("stranger"), open_case()
    for part, body in ACTS.items():
        theirs = told(machine.post(f"/cases/{reference}{part}", body))
        assert theirs[0] == 404, part
        assert theirs == told(machine.post(f"/cases/{NOWHERE}{part}", body))


def test_a_commune_acts_on_its_own_case_as_far_as_a_commune_may(machine_of, open_case):
    machine, reference = machine_of("member"), open_case()
    for part, body in ACTS.items():
        expected = 201 if part == "/messages" else 403
        assert machine.post(f"/cases/{reference}{part}", body).status_code == expected, part


@pytest.mark.parametrize("who", ["admin", "auditor"])
def test_those_who_have_no_case_have_none_here(machine_of, open_case, who):
    refused = machine_of(who).get(f"/cases/{open_case()}")
    assert refused.status_code == 403
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]


def test_a_scope_that_is_missing_is_named(machine_of, open_case):
    reference = open_case()
    narrow = machine_of("responder", {"case:read"})
    refused = narrow.post(f"/cases/{reference}/take")
    assert refused.status_code == 403
    assert "case:take" in refused.json["hint"]
    assert 'scope="case:take"' in refused.headers["WWW-Authenticate"]
    blind = machine_of("responder", {"case:take"})
    assert 'scope="case:read"' in blind.post(f"/cases/{reference}/take").headers["WWW-Authenticate"]
    assert narrow.get(f"/cases/{reference}").status_code == 200


def test_a_token_never_does_more_than_its_person(machine_of, world, open_case):
    machine, reference = machine_of("responder"), open_case()
    with atomic(SYSTEM) as session:
        for held in session.query(Membership).filter_by(person_id=world.responder.id):
            held.ended_at = clock.now()
    assert machine.get(f"/cases/{reference}").status_code == 403
    assert machine.get("/cases").status_code == 403


def test_revoking_holds_from_the_next_request(machine_of, world, open_case):
    machine, reference = machine_of("responder"), open_case()
    assert machine.get(f"/cases/{reference}").status_code == 200
    with atomic(world.responder.scope):
        [row] = tokens_of(world.responder)
        revoke_token(world.responder, access_token(world.responder, row.id))
    assert machine.get(f"/cases/{reference}").status_code == 401


def test_it_ends_at_its_hour(app, world, open_case):
    machine = make_machine(app, world.people["responder"], lasts=timedelta(hours=1))
    now = clock.now()
    for minutes, status in ((59, 200), (61, 401)):
        with clock.using(clock.still(now + timedelta(minutes=minutes))):
            assert machine.get("/cases").status_code == status


def test_whoever_loses_all_means_loses_their_tokens(machine_of, world):
    machine = machine_of("responder")
    with atomic(SYSTEM) as session:
        reset_means(world.admin, session.get_one(Person, world.responder.id))
    assert machine.get("/me").status_code == 401


def test_no_token_opens_a_page_and_no_cookie_the_api(app, world, machine_of, open_case):
    reference, machine = open_case(), machine_of("responder")
    bearer = {"Authorization": f"Bearer {machine.token}"}
    page = app.test_client().get(f"/desk/cases/{reference}", headers=bearer)
    assert page.status_code == 302
    assert "/connexion" in page.location
    browser = sign_in(app.test_client(), world.people["responder"])
    assert browser.get(f"/desk/cases/{reference}").status_code == 200
    assert browser.get(f"{API}/cases/{reference}").status_code == 401
    assert browser.post(f"{API}/cases/{reference}/take").status_code == 401


def test_every_address_of_the_api_is_closed_without_a_token(app):
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api_"):
            address = rule.build({name: uuid4() for name in rule.arguments})[1]
            for method in (rule.methods or set()) & {"GET", "POST", "PATCH", "DELETE"}:
                answer = client.open(address, method=method)
                assert answer.status_code == 401, (method, address)


def test_a_token_needs_a_second_factor_to_be_made(app, client):
    weak = sign_in(client, make_person("manager"), strong=False)
    assert weak.get("/compte/jetons/nouveau").status_code == 302


def test_four_eyes_are_not_a_person_and_their_token(machine_of, world, open_case):
    """Whoever has the case does not approve their own playbook's act, by no way."""
    reference, machine = open_case(), machine_of("responder")
    with atomic(SYSTEM):
        case = cases.find_case(world.responder, reference)
        question = asked(
            kind="confirm", who="responder", by=str(world.responder.id), content={}, questions={}
        )
        task_id = tasks.open_question(case, question, run_id=RUN).id
    assert machine.post(f"/tasks/{task_id}/answer", {"answer": "agree"}).status_code == 403
    other = machine_of("second").post(f"/tasks/{task_id}/answer", {"answer": "agree"})
    assert other.status_code == 200

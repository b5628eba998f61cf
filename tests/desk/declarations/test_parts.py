"""Those who read a part of a case: the provider and the data protection officer."""

from datetime import timedelta

import pytest

from cyberdesk.core.access import Role, system
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.clocks import service as clocks
from cyberdesk.desk.declarations import ways
from cyberdesk.desk.tasks import service as tasks
from tests.factories import actor_of, make_membership, make_person, sign_in
from tests.factories.declarations import make_declaration

HOUSE = system("test")
TO_ALL, TO_PROVIDER, TO_DPO = "Pour la mairie seule.", "Pour le prestataire.", "Pour la DPO."
PARTS = [Role.PROVIDER, Role.DPO]


@pytest.fixture
def case(client):
    """A case with a message to the commune alone, and one to each of the others too."""
    _begun, case_id = make_declaration()
    desk = actor_of(make_person("responder"))
    with atomic(desk.scope) as session:
        found = session.get_one(Case, case_id)
        cases.write(desk, found, body=TO_ALL)
        cases.write(desk, found, body=TO_PROVIDER, shared_with=["provider"])
        cases.write(desk, found, body=TO_DPO, shared_with=["dpo"])
        cases.add_note(desk, found, body="Pour le bureau seul.")
    return found


def link(case, role):
    with atomic(SYSTEM):
        return ways.issue(HOUSE, role, lasts=timedelta(days=1), case_id=case.id).token


def enter(client, case, role):
    client.set_cookie("dossier", link(case, role))
    return client


def at(case, page=""):
    return f"/mon-dossier/{case.reference}{page}"


@pytest.mark.parametrize(("role", "theirs"), [(Role.PROVIDER, TO_PROVIDER), (Role.DPO, TO_DPO)])
def test_they_read_what_was_addressed_to_them_and_what_they_wrote(client, case, role, theirs):
    enter(client, case, role)
    page = client.get(at(case, "/messages")).text
    assert [said for said in (TO_ALL, TO_PROVIDER, TO_DPO, "bureau seul") if said in page] == [
        theirs
    ]
    assert client.submit(at(case, "/messages"), {"body": "Je m’en occupe."}).status_code == 303
    page = client.get(at(case, "/messages")).text
    assert "Je m’en occupe." in page
    assert TO_ALL not in page


def test_the_commune_and_the_desk_read_all_and_see_who_else_does(client, app, case):
    enter(client, case, Role.MEMBER)
    page = client.get(at(case, "/messages")).text
    assert all(said in page for said in (TO_ALL, TO_PROVIDER, TO_DPO))
    assert "le prestataire le lit aussi" in page
    desk = sign_in(app.test_client(), make_person("responder"))
    page = desk.get(f"/desk/cases/{case.reference}/messages").text
    assert "le délégué à la protection des données le lit aussi" in page
    sent = {"body": "Encore un.", "provider": "y", "dpo": "y"}
    assert desk.submit(f"/desk/cases/{case.reference}/messages", sent).status_code == 302
    for role in PARTS:
        assert "Encore un." in enter(app.test_client(), case, role).get(at(case, "/messages")).text


def test_the_commune_addresses_its_messages_to_those_who_have_a_link(client, app, case):
    enter(client, case, Role.MAYOR)
    assert 'name="provider"' not in client.get(at(case, "/messages")).text
    provider = enter(app.test_client(), case, Role.PROVIDER)
    page = client.get(at(case, "/messages")).text
    assert 'name="provider"' in page
    assert 'name="dpo"' not in page
    client.submit(at(case, "/messages"), {"body": "Aux deux.", "provider": "1"})
    client.submit(at(case, "/messages"), {"body": "Au centre."})
    page = provider.get(at(case, "/messages")).text
    assert "Aux deux." in page
    assert "Au centre." not in page
    assert 'name="provider"' not in page


def test_nobody_is_counted_messages_that_they_do_not_read(client, case):
    with atomic(SYSTEM) as session:
        found = session.get_one(Case, case.id)
        counted = [
            cases.unread(holder(case, role), found) for role in (*PARTS, Role.MEMBER)
        ]  # fmt: skip
    assert counted == [1, 1, 3]


def holder(case, role):
    person = make_person(None)
    make_membership(person, role.value, case=case.id)
    return actor_of(person)


def open_tasks(case):
    with atomic(SYSTEM) as session:
        found = session.get_one(Case, case.id)
        for who in ("dpo", "provider", "commune"):
            title = {"fr": f"Tâche {who}", "en": f"Task {who}"}
            tasks.open_task(HOUSE, found, name=who, title=title, who=who)


def test_a_data_protection_officer_sees_deadlines_what_is_known_and_their_own_tasks(client, case):
    open_tasks(case)
    enter(client, case, Role.DPO)
    page = client.get(at(case)).text
    assert "CNIL" in page
    assert "Ce que l’on sait" in page
    assert "dossier.pdf" not in page
    todo = client.get(at(case, "/a-faire")).text
    assert "Tâche dpo" in todo
    assert "Tâche provider" not in todo
    assert "Tâche commune" not in todo
    assert client.get(at(case, "/maire")).status_code == 404
    for closed in ("/partage", "/dossier.pdf"):
        assert client.get(at(case, closed)).status_code == 403


def test_they_do_what_is_theirs_and_nothing_else(client, case):
    open_tasks(case)
    dpo = holder(case, Role.DPO)
    with atomic(dpo.scope) as session:
        found = session.get_one(Case, case.id)
        mine = tasks.tasks_of(dpo, found)
        assert [task.who for task in mine] == ["dpo"]
        tasks.answer(dpo, mine[0], answer="done")
        assert mine[0].answered_side == "dpo"
        clock = clocks.clocks_of(found)[0]
        assert clocks.access_clock(dpo, clock.id).id == clock.id
    assert not dpo.may("dossier:print")
    assert not dpo.may("declaration:read")
    assert not dpo.may("case:desk")


def test_a_data_protection_officer_of_a_commune_sees_its_cases_by_their_account(client, app):
    from sqlalchemy import select

    _begun, case_id = make_declaration()
    with atomic(SYSTEM) as session:
        found = session.scalars(select(Case).where(Case.id == case_id)).one()
        organisation = found.organisation
    person = make_person("dpo", organisation=organisation)
    sign_in(client, person)
    assert client.get("/mon-dossier").location == at(found)
    assert client.get(at(found)).status_code == 200
    elsewhere = sign_in(app.test_client(), make_person("dpo"))
    assert elsewhere.get(at(found)).status_code == 404


def test_whoever_is_of_the_commune_too_reads_as_the_commune(client, case):
    person = make_person(None)
    for role in ("dpo", "member"):
        make_membership(person, role, case=case.id)
    both = actor_of(person)
    with atomic(both.scope) as session:
        found = session.get_one(Case, case.id)
        assert len(cases.messages(both, found)) == 3

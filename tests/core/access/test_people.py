"""Administrators and managers: people, roles, invitations, organisations, and their limits."""

import pytest
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access.directory import find_organisations, load_directory
from cyberdesk.core.access.models import Membership, Organisation, Person
from cyberdesk.core.access.people import service
from cyberdesk.core.access.people.models import Invitation
from cyberdesk.core.access.signin.models import Credentials
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.core.access.journeys import enter, give_password
from tests.factories import actor_of, make_membership, make_organisation, make_person, sign_in


@pytest.fixture
def admin(database):
    return actor_of(make_person("admin", name="Ada"))


@pytest.fixture
def commune(database):
    return make_organisation("Valfleur")


@pytest.fixture
def manager(commune):
    return actor_of(make_person("manager", organisation=commune))


def act(actor, do, *args, **kwargs):
    with atomic(actor.scope) as session:
        session.add_all(row for row in (*args, *kwargs.values()) if hasattr(row, "__mapper__"))
        return do(actor, *args, **kwargs)


def roles(person):
    with atomic(SYSTEM) as session:
        now = clock.now()
        held = session.scalars(select(Membership).filter_by(person_id=person.id))
        return {(m.role, m.strand) for m in held if not m.ended_at or m.ended_at > now}


def test_an_administrator_gives_and_ends_roles(admin):
    person = make_person(None)
    held = act(admin, service.give_role, person, role="responder", strand="cyber")
    assert roles(person) == {("responder", "cyber")}
    act(admin, service.end_membership, held)
    assert roles(person) == set()
    act(admin, service.give_role, person, role="responder", strand="cyber")
    assert roles(person) == {("responder", "cyber")}
    with atomic(SYSTEM) as session:
        told = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert told == ["role:give", "role:end", "role:give"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "responder"},
        {"role": "responder", "strand": "nowhere"},
        {"role": "member"},
        {"role": "declarant"},
        {"role": "root"},
    ],
)
def test_a_role_is_held_where_it_belongs(admin, wrong):
    with pytest.raises(InvalidError):
        act(admin, service.give_role, make_person(None), **wrong)


def test_the_last_administrator_stays(admin):
    with atomic(SYSTEM) as session:
        ada = session.get_one(Person, admin.id)
        held = session.scalars(select(Membership).filter_by(person_id=admin.id)).one()
    with pytest.raises(ConflictError):
        act(admin, service.end_membership, held)
    other = make_person("admin")
    with pytest.raises(ConflictError):
        act(admin, service.close_account, ada)
    act(admin, service.close_account, other)
    with pytest.raises(ConflictError):
        act(admin, service.end_membership, held)


def test_whoever_lost_everything_starts_anew(app, client, admin):
    person = give_password(make_person("responder"))
    act(admin, service.reset_means, person)
    with atomic(SYSTEM) as session:
        held = session.get_one(Credentials, person.id)
        assert (held.password, held.totp, held.recovery) == (None, None, [])
    assert enter(client, person).status_code == 200


def test_a_manager_invites_for_their_own_organisation_only(manager, commune):
    made = act(
        manager,
        service.invite,
        email="a@example.org",
        name="A",
        role="member",
        organisation=commune,
    )
    assert made.organisation_id == commune.id
    elsewhere = make_organisation()
    for place in ({"organisation": elsewhere}, {"organisation": None, "strand": "cyber"}):
        for role in ("member", "responder", "admin"):
            with pytest.raises((ForbiddenError, InvalidError)):
                act(manager, service.invite, email="b@example.org", name="B", role=role, **place)
    with pytest.raises(ForbiddenError):
        act(
            manager,
            service.invite,
            email="b@example.org",
            name="B",
            role="admin",
            organisation=commune,
        )


def test_a_manager_sees_their_own_invitations_and_people_only(manager, commune, admin):
    elsewhere = make_organisation()
    for where in (commune, elsewhere):
        act(
            admin,
            service.invite,
            email="a@example.org",
            name="A",
            role="member",
            organisation=where,
        )
    assert [one.organisation_id for one in act(manager, service.open_invitations)] == [commune.id]
    theirs = make_membership(make_person(None), "member", organisation=elsewhere)
    with atomic(SYSTEM) as session:
        other = session.scalars(select(Invitation).filter_by(organisation_id=elsewhere.id)).one()
    with pytest.raises(NotFoundError):
        act(manager, service.access_membership, theirs.id)
    with pytest.raises(NotFoundError):
        act(manager, service.access_invitation, other.id)
    with pytest.raises(NotFoundError):
        act(manager, service.access_person, theirs.person_id)
    with pytest.raises(ForbiddenError):
        act(manager, service.find_people)


@pytest.mark.parametrize("role", ["responder", "lead", "member", "mayor", "auditor", "officer"])
def test_others_change_nobody(database, role):
    actor = actor_of(make_person(role))
    for do, kwargs in (
        (service.give_role, {"role": "admin"}),
        (service.close_account, {}),
        (service.reopen_account, {}),
        (service.reset_means, {}),
    ):
        with pytest.raises(ForbiddenError):
            act(actor, do, make_person(None), **kwargs)
    with pytest.raises(ForbiddenError):
        act(actor, service.invite, email="a@example.org", name="A", role="admin")
    with pytest.raises(ForbiddenError):
        act(actor, service.invite_first_administrator)


def test_organisations_are_added_and_found(admin):
    row = act(
        admin, service.add_organisation, kind="lycee", name="Lycée Léon-Blum", code="0831243Z"
    )
    with atomic():
        assert [one.id for one in find_organisations("leon blum")] == [row.id]
        assert [one.id for one in find_organisations("0831243z")] == [row.id]
    with pytest.raises(InvalidError):
        act(admin, service.add_organisation, kind="lycee", name="Other", code="0831243Z")
    act(admin, service.change_organisation, row, name="Lycée Renommé", code=None)
    with atomic():
        assert find_organisations("leon blum") == []
        assert [one.id for one in find_organisations("renomme")] == [row.id]


def test_the_directory_is_not_edited_by_hand(admin):
    load_directory()
    with atomic(SYSTEM) as session:
        gap = session.scalars(select(Organisation).filter_by(code="05061")).one()
    with pytest.raises(ConflictError):
        act(admin, service.change_organisation, gap, name="Pag", code=None)
    with pytest.raises(InvalidError):
        act(admin, service.add_organisation, kind="commune", name="New", code="99999")


def test_the_pages_of_the_administrator(client, app):
    ada = make_person("admin", name="Ada")
    person = make_person("responder", name="Zoé")
    sign_in(client, ada)
    page = client.get("/administration/personnes?q=zo")
    assert page.status_code == 200
    assert "Zoé" in page.text
    assert "Ada</a>" not in page.text.split("<main")[1]
    home = f"/administration/personnes/{person.id}"
    assert client.get(home).status_code == 200
    given = {
        "role": "lead",
        "strand": "cyber",
        "organisation": "",
        "organisation_text": "",
        "until": "",
    }
    assert client.submit(home, given).location == home
    assert roles(person) == {("responder", "cyber"), ("lead", "cyber")}
    assert client.submit(home, given | {"role": "member", "strand": ""}).status_code == 200
    client.submit(f"{home}/fermer")
    with atomic(SYSTEM) as session:
        assert session.get(Person, person.id).active is False
    client.submit(f"{home}/rouvrir")
    assert client.submit(f"{home}/recommencer").location == home
    assert client.get("/administration/organisations?q=valfleur").status_code == 200
    assert client.get("/administration/organisations/nouvelle").status_code == 200
    added = {"kind": "association", "name": "Les Amis", "code": "123 456 789"}
    assert client.submit("/administration/organisations/nouvelle", added).status_code == 302


def test_inviting_on_the_page_works_without_a_script(client, app):
    commune = make_organisation("Valfleur-sur-Mer")
    sign_in(client, make_person("admin"))
    fields = {
        "name": "Nora",
        "email": "nora@example.org",
        "language": "fr",
        "role": "member",
        "strand": "",
        "organisation": "",
        "organisation_text": "valfleur sur",
    }
    shown = client.submit("/administration/invitations", fields | {"search": "organisation"})
    assert shown.status_code == 200
    assert str(commune.id) in shown.text
    chosen = fields | {"organisation": str(commune.id)}
    assert client.submit("/administration/invitations", chosen).status_code == 302
    assert "nora@example.org" in client.get("/administration/invitations").text


def test_organisations_are_offered_while_typing(client, app):
    make_organisation("Valfleur-sur-Mer")
    sign_in(client, make_person("admin"))
    found = client.get("/administration/organisations/chercher?q=valf").json
    assert found[0]["label"] == "Valfleur-sur-Mer"


def test_the_pages_are_closed_to_others(client, app):
    sign_in(client, make_person("member"))
    for address in ("personnes", "invitations", "organisations"):
        assert client.get(f"/administration/{address}").status_code == 403


def test_an_administrator_without_second_factor_administers_nothing(client, app):
    sign_in(client, make_person("admin"), strong=False)
    assert client.get("/administration/personnes").location.startswith("/compte/proteger")

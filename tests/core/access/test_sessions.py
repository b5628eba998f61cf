"""Sessions are kept on the server, and everything that should end one ends it."""

from datetime import timedelta

import pytest

from cyberdesk.core import clock
from cyberdesk.core.access import ActorKind
from cyberdesk.core.access.models import Person
from cyberdesk.core.access.signin import sessions
from cyberdesk.core.access.signin.models import Credentials, SignIn
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from tests.factories import make_membership, make_organisation, make_person


@pytest.fixture
def person(database):
    return make_person("responder", name="Ada")


def opened(person, **options):
    """The cookie's two values."""
    with atomic(SYSTEM) as session:
        token = sessions.open_session(person.id, strong=True, **options)
        return token, session.get(Credentials, person.id).uniquifier


def found(token, uniquifier):
    with atomic():
        return sessions.find_session(token, uniquifier)


def test_a_session_tells_who_acts_and_what_they_hold(person):
    commune = make_organisation("Valfleur")
    make_membership(person, "member", organisation=commune)
    actor = found(*opened(person)).actor
    assert (actor.kind, actor.id, actor.name, actor.strong) == (
        ActorKind.PERSON,
        person.id,
        "Ada",
        True,
    )
    held = {(grant.role, grant.strand, grant.organisation) for grant in actor.grants}
    assert held == {("responder", "cyber", None), ("member", None, commune.id)}


def test_a_person_without_any_role_is_still_somebody(database):
    assert found(*opened(make_person(None))).actor.grants == ()


def test_an_ended_membership_no_longer_counts(person):
    make_membership(person, "lead", strand="cyber", ended_at=clock.now() - timedelta(seconds=1))
    make_membership(person, "officer", strand="cyber", ended_at=clock.now() + timedelta(days=1))
    roles = {grant.role for grant in found(*opened(person)).actor.grants}
    assert roles == {"responder", "officer"}


def test_only_the_hash_of_the_cookie_is_kept(person):
    token, _ = opened(person)
    with atomic(SYSTEM) as session:
        kept = session.query(SignIn).one()
    assert token.encode() not in kept.token_hash
    assert len(kept.token_hash) == 32


@pytest.mark.parametrize("age", [sessions.IDLE, sessions.LONGEST])
def test_a_session_ends_by_age(person, age):
    cookie = opened(person)
    with clock.using(clock.still(clock.now() + age + timedelta(seconds=1))):
        assert found(*cookie) is None


def test_a_session_in_use_outlives_the_idle_limit(person):
    cookie, start = opened(person), clock.now()
    for hours in (8, 16, 24):
        with clock.using(clock.still(start + timedelta(hours=hours))):
            assert found(*cookie)


def test_ending_one_session_leaves_the_others(person):
    one, other = opened(person), opened(person)
    with atomic(SYSTEM):
        sessions.end_session(found(*one).id)
    assert found(*one) is None
    assert found(*other)


def test_signing_out_everywhere_ends_every_cookie(person):
    cookies = [opened(person), opened(person)]
    with atomic(SYSTEM):
        sessions.end_sessions(person.id)
    assert [found(*cookie) for cookie in cookies] == [None, None]


def test_a_cookie_of_an_older_uniquifier_is_refused(person):
    token, _ = opened(person)
    assert found(token, "0" * 32) is None


def test_a_deactivated_person_is_out_at_once(person):
    cookie = opened(person)
    with atomic(SYSTEM) as session:
        session.get(Person, person.id).active = False
    assert found(*cookie) is None


def test_finding_somebody_is_one_statement(person, count_statements):
    cookie = opened(person)
    with atomic(), count_statements() as statements:
        sessions.find_session(*cookie)
    assert len([s for s in statements if "set_config" not in s]) == 1

"""Tokens do what they were made for, for a time, and never more than their maker."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access.api_tokens import (
    LONGEST,
    access_token,
    find_holder,
    make_token,
    revoke_token,
    tokens_of,
)
from cyberdesk.core.access.models import ApiToken, Person
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ForbiddenError, InvalidError, NotFoundError
from tests.factories import actor_of, make_membership, make_organisation, make_person

DAY = timedelta(days=1)


@pytest.fixture
def actor(database):
    return actor_of(make_person("responder"))


def made(actor, scopes=("case:read",), lasts=DAY):
    with atomic(actor.scope):
        return make_token(actor, name="robot", scopes=scopes, expires_at=clock.now() + lasts)


def held(text):
    with atomic():
        return find_holder(text)


def test_a_token_acts_as_its_maker_within_its_scopes(actor):
    holder = held(made(actor)[1])
    assert holder.actor.may("case:read")
    assert not holder.actor.may("token:make")
    assert holder.actor.scope.desks == {"cyber"}
    assert holder.actor.scope.person is None


def test_a_token_follows_its_makers_roles(actor):
    text = made(actor)[1]
    with atomic(SYSTEM) as session:
        person = session.get_one(Person, actor.id)
    commune = make_organisation()
    make_membership(person, "member", organisation=commune)
    assert held(text).actor.scope.organisations == {commune.id}


def test_a_token_dies_with_its_makers_account(actor):
    text = made(actor)[1]
    with atomic(SYSTEM) as session:
        session.get_one(Person, actor.id).active = False
    assert held(text) is None


def test_a_token_expires_and_can_be_revoked(actor):
    (_, old), (row, text) = made(actor), made(actor)
    with atomic(actor.scope):
        revoke_token(actor, access_token(actor, row.id))
    assert held(text) is None
    with clock.using(clock.still(clock.now() + DAY)):
        assert held(old) is None


def test_its_last_use_is_kept(actor):
    row, text = made(actor)
    held(text)
    with atomic(actor.scope):
        assert access_token(actor, row.id).used_at is not None


@pytest.mark.parametrize("text", ["", "x", "cdk_AAAAAAAA_" + "x" * 43, "\x00", "é"])
def test_a_guessed_token_is_nobody(actor, text):
    made(actor)
    assert held(text) is None


def test_only_a_hash_and_a_prefix_are_kept(actor):
    row, text = made(actor)
    secret = text.removeprefix(row.prefix + "_")
    with atomic(SYSTEM) as session:
        kept = session.scalars(select(ApiToken)).one()
        journal = session.scalars(select(AuditEntry).where(AuditEntry.action == "token:make")).one()
    assert secret.encode() not in kept.token_hash
    assert secret.encode() not in journal.payload
    assert b"case:read" in journal.payload


@pytest.mark.parametrize("scopes", [(), ("directory:import",), ("case:read", "no:such")])
def test_nobody_gives_away_what_they_do_not_have(actor, scopes):
    with pytest.raises(InvalidError):
        made(actor, scopes)


@pytest.mark.parametrize("lasts", [timedelta(0), LONGEST + DAY])
def test_no_token_is_for_ever(actor, lasts):
    with pytest.raises(InvalidError):
        made(actor, lasts=lasts)


def test_staff_need_their_second_factor_to_make_one(database):
    weak = actor_of(make_person("responder"), strong=False)
    with pytest.raises(ForbiddenError):
        made(weak)


def test_others_neither_see_nor_revoke_it(actor):
    row, _ = made(actor)
    other = actor_of(make_person("responder"))
    with atomic(other.scope):
        assert tokens_of(other) == []
        with pytest.raises(NotFoundError):
            access_token(other, row.id)


def test_finding_its_holder_is_one_statement(actor, count_statements):
    text = made(actor)[1]
    held(text)
    with atomic(), count_statements() as statements:
        find_holder(text)
    assert len([s for s in statements if "set_config" not in s]) == 1

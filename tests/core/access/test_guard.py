"""The check that stands on every service looks at the object, however it is given."""

from uuid import uuid4

import pytest

from cyberdesk.core.access import SIGNED_IN, Actor, ActorKind, Grant, Place, allowed, require
from cyberdesk.core.access.permissions import Role
from cyberdesk.core.errors import ForbiddenError, SignInError

HERE, ELSEWHERE = uuid4(), uuid4()


class Thing:
    def __init__(self, case):
        self.case = case

    def place(self):
        return Place(case=self.case)


@allowed("case:read")
def look(actor, thing, *, closely=False):
    return thing


@allowed("case:read", on="other")
def compare(actor, thing, *, other):
    return other


@allowed("case:read")
def count(actor):
    return 1


@pytest.fixture
def provider(app):
    grant = Grant(str(Role.PROVIDER), case=HERE)
    return Actor(ActorKind.PERSON, id=uuid4(), grants=(grant,))


def test_an_object_given_by_name_is_looked_at_too(provider):
    assert look(provider, thing=Thing(HERE))
    with pytest.raises(ForbiddenError):
        look(provider, Thing(ELSEWHERE))
    with pytest.raises(ForbiddenError):
        look(provider, thing=Thing(ELSEWHERE))


def test_the_named_object_counts(provider):
    assert compare(provider, Thing(ELSEWHERE), other=Thing(HERE))
    with pytest.raises(ForbiddenError):
        compare(provider, Thing(HERE), other=Thing(ELSEWHERE))


def test_without_an_object_holding_it_anywhere_is_enough(provider):
    assert count(provider) == 1


def test_a_private_link_is_no_account():
    link = Actor(ActorKind.LINK, id=uuid4(), grants=(Grant(str(Role.DECLARANT), case=HERE),))
    with pytest.raises(SignInError):
        require(link, SIGNED_IN)

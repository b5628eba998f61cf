"""Every route, as nobody, as somebody without the right, and as somebody who has it."""

from uuid import uuid4

import pytest

from cyberdesk.core.access import throttle
from cyberdesk.core.access.permissions import PUBLIC, SIGNED_IN, Role, permissions_of
from cyberdesk.core.web.doors import doors
from tests.factories import make_person, sign_in

# Streams stay open for as long as somebody looks.
OPEN_ENDED = {"cases.stream", "live.stream"}
PEOPLE = [role for role in Role if role is not Role.DECLARANT]


def addresses(app, method):
    """Endpoint, declaration and an address whose objects do not exist."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if (
            method in (rule.methods or ())
            and not rule.build_only
            and rule.endpoint not in OPEN_ENDED
        ):
            given = {name: _value(rule, name) for name in rule.arguments}
            yield (
                rule.endpoint,
                doors(app)[rule.endpoint],
                adapter.build(rule.endpoint, given, method),
            )


def _value(rule, name):
    kind = type(rule._converters[name]).__name__
    return {"UUIDConverter": uuid4(), "IntegerConverter": 1}.get(kind, "x")


@pytest.fixture
def people(app):
    """A signed-in browser for each role, and one with none."""
    throttle.use(throttle.Memory())
    return {
        role: sign_in(app.test_client(), make_person(role)) for role in [*map(str, PEOPLE), None]
    }


def lacking(may):
    return next((role for role in map(str, PEOPLE) if may not in permissions_of(role)), None)


def test_nobody_gets_in_without_signing_in(app, client):
    for endpoint, declared, address in addresses(app, "GET"):
        if declared.may != PUBLIC:
            answer = client.get(address)
            assert answer.status_code in {302, 401}, endpoint


def test_nobody_changes_anything_without_signing_in(app, client):
    for endpoint, declared, address in addresses(app, "POST"):
        if declared.may != PUBLIC:
            answer = client.post(address) if declared.machine else client.submit(address)
            assert answer.status_code == 401, endpoint


def test_a_role_without_the_right_is_refused_at_the_door(app, people):
    for endpoint, declared, address in addresses(app, "GET"):
        if declared.may in {PUBLIC, SIGNED_IN} or declared.machine:
            continue
        role = lacking(declared.may)
        assert people[role].get(address).status_code == 403, (endpoint, role)


def test_whoever_has_the_right_meets_no_failure(app, people):
    for endpoint, declared, address in addresses(app, "GET"):
        if declared.machine:
            continue
        for role in map(str, PEOPLE):
            if declared.may in {PUBLIC, SIGNED_IN} or declared.may in permissions_of(role):
                answer = people[role].get(address)
                assert answer.status_code < 500, (endpoint, role)
                break


def test_an_object_that_does_not_exist_is_not_found(app, people):
    """Absent and forbidden are the same 404."""
    for endpoint, declared, address in addresses(app, "GET"):
        named = any(rule.arguments for rule in app.url_map.iter_rules(endpoint))
        holder = next((r for r in map(str, PEOPLE) if declared.may in permissions_of(r)), None)
        if named and holder and not declared.machine:
            assert people[holder].get(address).status_code in {302, 404, 422}, (endpoint, holder)

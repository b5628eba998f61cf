"""Signing in with a password, by the pages that people see."""

import time

import pytest

from cyberdesk.core.access import throttle
from cyberdesk.core.access.models import Person
from cyberdesk.core.access.signin import limits
from cyberdesk.core.access.signin.models import Credentials
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from tests.core.access.journeys import (
    PASSWORD,
    add_passkey,
    bare,
    enter,
    journal,
    use_passkey,
    who,
)
from tests.factories import make_person

pytestmark = pytest.mark.usefixtures("fresh_limits")


def test_a_member_signs_in_with_a_password(client, member):
    answer = enter(client, member)
    assert (answer.status_code, answer.location) == (302, "/compte/entree")
    assert who(client).id == member.id
    assert not who(client).strong
    assert journal() == ["session:open"]


def test_the_mail_address_may_be_written_otherwise(client, member):
    member.email = f"  {member.email.upper()} "
    assert enter(client, member).status_code == 302


@pytest.mark.parametrize("case", ["wrong password", "unknown", "closed", "no password"])
def test_every_failure_looks_the_same(client, member, case):
    other = make_person("member")
    if case == "closed":
        with atomic(SYSTEM) as session:
            session.get(Person, member.id).active = False
    target = other if case == "no password" else member
    if case == "unknown":
        target = Person(name="x", email="nobody@example.org")
    answer = enter(client, target, "wrong password here" if case == "wrong password" else PASSWORD)
    assert answer.status_code == 200
    reference = enter(client, Person(name="y", email="none@example.org"), "never")
    assert bare(answer, target.email) == bare(reference, "none@example.org")
    assert who(client).id is None


def test_every_failure_takes_the_same_time(client, member):
    def took(person):
        start = time.monotonic()
        enter(client, person, "wrong password here")
        return time.monotonic() - start

    def late(person):
        """Return by how much an answer came after the end of a step; a busy machine adds to it."""
        times = [took(person) for _ in range(3)]
        assert min(times) >= limits._STEP, times
        return min(spent % limits._STEP for spent in times)

    unknown = Person(name="x", email="nobody@example.org")
    assert max(late(unknown), late(member)) < 0.1


def test_failures_are_in_the_journal(client, member):
    enter(client, member, "wrong password here")
    assert journal() == ["session:refuse"]


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere_after_sign_in(client, member, target):
    fields = {"email": member.email, "password": PASSWORD, "next": target}
    answer = client.submit("/connexion", fields)
    here = answer.location or "/"
    assert here.startswith("/")
    assert not here.startswith(("//", "/\\"))


def test_a_field_that_is_not_known_is_refused(client, member):
    fields = {"email": member.email, "password": PASSWORD, "remember": "y"}
    assert client.submit("/connexion", fields).status_code == 422
    assert who(client).id is None


def test_only_forms_are_taken(client, member):
    sent = client.post(
        "/connexion",
        json={"email": member.email, "password": PASSWORD},
        headers={"X-CSRFToken": client.csrf_token()},
    )
    assert sent.status_code == 415


def test_without_the_csrf_token_nothing_happens(client, member):
    assert (
        client.post("/connexion", data={"email": member.email, "password": PASSWORD}).status_code
        == 400
    )
    assert who(client).id is None


def test_guessing_is_slowed_down_but_nobody_is_locked_out(client, app, responder):
    enter(client, responder)
    key = add_passkey(client)  # this browser is known from now on
    client.submit("/deconnexion")
    throttle.use(throttle.Memory())
    stranger = app.test_client()
    answers = [enter(stranger, responder, "a wrong password").status_code for _ in range(12)]
    assert answers[:10] == [200] * 10
    assert answers[10:] == [429, 429]
    refused = enter(stranger, responder)
    assert int(refused.headers["Retry-After"]) <= 31
    # The person themselves: with the browser they know, and with a passkey anywhere.
    assert enter(client, responder).status_code == 302
    assert use_passkey(stranger, key).status_code == 302
    assert who(stranger).id == responder.id


def test_an_unknown_account_is_slowed_down_alike(client):
    nobody = Person(name="x", email="nobody@example.org")
    answers = [enter(client, nobody, "a wrong password").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_old_passwords_are_hashed_anew_when_settings_change(client, member):
    import argon2

    weak = argon2.PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    with atomic(SYSTEM) as session:
        session.get(Credentials, member.id).password = weak
    assert enter(client, member).status_code == 302
    with atomic(SYSTEM) as session:
        assert "m=19456" in session.get(Credentials, member.id).password

"""Signing in, by the pages that people see."""

import time

import pytest
from sqlalchemy import select

from cyberdesk.core.access import throttle
from cyberdesk.core.access.models import Person
from cyberdesk.core.access.signin import limits
from cyberdesk.core.access.signin.models import Credentials, SignIn
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.web.identity import actor
from tests.core.access.authenticators import SecurityKey, six_digits
from tests.core.access.journeys import (
    PASSWORD,
    add_authenticator,
    add_passkey,
    bare,
    enter,
    give_password,
    use_passkey,
)
from tests.factories import make_person, sign_in


@pytest.fixture(autouse=True)
def _fresh_limits():
    throttle.use(throttle.Memory())


@pytest.fixture
def member(app):
    return give_password(make_person("member"))


@pytest.fixture
def responder(app):
    return give_password(make_person("responder"))


def who(client):
    with client:
        client.get("/style")
        return actor()


def journal():
    with atomic(SYSTEM) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


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


def test_staff_are_led_to_a_second_factor_and_nowhere_else(client, responder):
    enter(client, responder)
    assert client.get("/compte/entree").location == "/compte/proteger"
    assert client.get("/compte/proteger").status_code == 200
    assert client.get("/compte/jetons").location.startswith("/compte/proteger?next=")
    assert client.submit("/compte/jetons/nouveau", {}).status_code == 403


def test_an_authenticator_is_set_up_then_asked_for(client, responder):
    enter(client, responder)
    key = add_authenticator(client)
    client.submit("/deconnexion")
    step = enter(client, responder)
    assert step.location.startswith("/connexion/code")
    assert who(client).id is None
    assert client.submit("/connexion/code", {"code": "000000", "submit": "1"}).status_code == 200
    done = client.submit("/connexion/code", {"code": six_digits(key), "submit": "1"})
    assert done.location == "/compte/entree"
    assert who(client).strong


@pytest.mark.parametrize("add", [add_authenticator, add_passkey])
def test_the_first_second_factor_is_enough_for_work(client, app, responder, add):
    """They have just given both; a session of the password alone ends elsewhere."""
    other = app.test_client()
    for one in (client, other):
        enter(one, responder)
    add(client)
    assert who(client).strong
    assert client.get("/compte/protege").location == "/compte/codes-de-secours"
    assert who(other).id is None


def enter_and_stay(client, person):
    enter(client, person)
    return client


def test_a_code_serves_once(client, responder):
    enter(client, responder)
    key = add_authenticator(client)
    code = {"code": six_digits(key), "submit": "1"}
    for answer in (302, 200):
        client.submit("/deconnexion")
        enter(client, responder)
        assert client.submit("/connexion/code", code).status_code == answer


@pytest.mark.parametrize(("steps", "answer"), [(0, 302), (-1, 302), (1, 200), (-2, 200)])
def test_a_code_lives_while_it_is_shown_and_while_it_travels(client, responder, steps, answer):
    """The one shown and the one before it; a code of the future would live for longer."""
    key = add_authenticator(enter_and_stay(client, responder))
    with atomic(SYSTEM) as session:
        session.get(Credentials, responder.id).totp_counter = None  # which one set it up
    client.submit("/deconnexion")
    enter(client, responder)
    code = {"code": six_digits(key, steps=steps), "submit": "1"}
    assert client.submit("/connexion/code", code).status_code == answer


def test_the_secret_of_the_authenticator_is_sealed(client, responder):
    enter(client, responder)
    key = add_authenticator(client)
    with atomic(SYSTEM) as session:
        kept = session.get(Credentials, responder.id).totp
    assert key.replace("-", "").replace(" ", "") not in kept


def test_recovery_codes_stand_in_once_each(client, responder):
    enter(client, responder)
    add_authenticator(client)
    page = client.submit("/compte/codes-de-secours", {"generate_new_codes": "1"})
    codes = [part.split("<")[0] for part in page.text.split('class="reference">')[1:]]
    assert len(codes) == 10
    with atomic(SYSTEM) as session:
        kept = session.get(Credentials, responder.id).recovery
    assert len(kept) == 10
    assert all(one.startswith("$argon2id$") for one in kept)
    assert codes[0] not in str(kept)
    assert codes[0] not in client.get("/compte/codes-de-secours?show_codes=1").text
    for status in (302, 200):
        client.submit("/deconnexion")
        enter(client, responder)
        answer = client.submit("/connexion/secours", {"code": codes[0].lower(), "submit": "1"})
        assert answer.status_code == status
    client.submit("/connexion/secours", {"code": codes[1], "submit": "1"})
    assert who(client).strong


def test_a_passkey_signs_in_alone(client, responder):
    enter(client, responder)
    key = add_passkey(client)
    client.submit("/deconnexion")
    assert use_passkey(client, key).location == "/compte/entree"
    assert who(client).id == responder.id
    assert who(client).strong


def test_a_passkey_is_the_second_factor_too(client, responder):
    enter(client, responder)
    key = add_passkey(client)
    client.submit("/deconnexion")
    step = enter(client, responder)
    assert step.location.startswith("/connexion/passkey")
    assert who(client).id is None
    page = client.submit("/connexion/passkey", {"submit": "1"})
    assert use_passkey(client, key, page).status_code == 302
    assert who(client).strong


@pytest.mark.parametrize("fault", ["no verification", "other site", "other key", "old challenge"])
def test_a_passkey_that_does_not_fit_is_refused(client, responder, fault):
    enter(client, responder)
    key = add_passkey(client)
    client.submit("/deconnexion")
    if fault == "no verification":
        key.verifies = False
    if fault == "other site":
        key.origin = "https://evil.example"
    if fault == "other key":
        key.secret = SecurityKey().secret
    page = client.submit("/connexion/passkey", {"submit": "1"})
    if fault == "old challenge":
        old = page
        page = client.submit("/connexion/passkey", {"submit": "1"})
        from tests.core.access.journeys import asked

        address, _ = asked(page, "get")
        answer = client.submit(address, {"credential": key.get(asked(old, "get")[1]), "next": ""})
    else:
        answer = use_passkey(client, key, page)
    assert answer.location == "/connexion/passkey"
    assert who(client).id is None


def test_a_closed_account_does_not_sign_in_with_its_passkey(client, responder):
    enter(client, responder)
    key = add_passkey(client)
    client.submit("/deconnexion")
    with atomic(SYSTEM) as session:
        session.get(Person, responder.id).active = False
    use_passkey(client, key)
    assert who(client).id is None


def test_with_both_the_person_chooses(client, responder):
    enter(client, responder)
    key, secret = add_passkey(client), add_authenticator(client)
    client.submit("/deconnexion")
    step = enter(client, responder)
    assert step.location.startswith("/connexion/second-facteur")
    assert client.get(step.location).status_code == 200
    choice = client.submit("/connexion/second-facteur", {"which": "authenticator", "submit": "1"})
    assert choice.location.startswith("/connexion/code")
    client.submit("/connexion/code", {"code": six_digits(secret), "submit": "1"})
    assert who(client).strong
    assert key


def test_the_session_is_new_at_sign_in(client, member):
    client.get("/connexion")
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
        old = before.get("csrf_token")
    enter(client, member)
    with client.session_transaction() as after:
        assert "planted" not in after
        assert after.get("csrf_token") is None or after["csrf_token"] != old
        assert len(after["sid"]) == 43


def test_a_copied_cookie_is_worth_nothing_after_sign_out(client, app, member):
    enter(client, member)
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    client.submit("/deconnexion")
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert who(thief).id is None
    with atomic(SYSTEM) as session:
        assert session.scalars(select(SignIn.ended_at)).one() is not None


def test_changing_the_password_signs_out_everywhere_else(client, app, member):
    other = app.test_client()
    enter(client, member)
    enter(other, member)
    new = "boussole tambour vinaigre"
    fields = {
        "password": PASSWORD,
        "new_password": new,
        "new_password_confirm": new,
        "submit": "1",
    }
    assert client.submit("/compte/mot-de-passe", fields).location == "/compte"
    assert who(client).id == member.id
    assert who(other).id is None
    assert enter(other, member).status_code == 200
    assert enter(other, member, new).status_code == 302
    assert "password:change" in journal()


@pytest.mark.parametrize("new", ["court", "motdepasse2026!", "azertyuiop12345"])
def test_a_guessable_new_password_is_refused(client, member, new):
    enter(client, member)
    fields = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    assert client.submit("/compte/mot-de-passe", fields).status_code == 200
    assert enter(client.application.test_client(), member, new).status_code == 200


def test_what_protects_the_account_wants_a_fresh_sign_in(client, responder):
    sign_in(client, responder)
    with client.session_transaction() as cookie:
        cookie["fs_paa"] = time.time() - 3600
    for address in ("/compte/application", "/compte/passkeys", "/compte/codes-de-secours"):
        assert client.get(address).location.startswith("/compte/verification")
    assert client.get("/compte/verification").status_code == 200
    done = client.submit(
        "/compte/verification?next=/compte/passkeys", {"password": PASSWORD, "submit": "1"}
    )
    assert done.location == "/compte/passkeys"
    assert client.get("/compte/passkeys").status_code == 200


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

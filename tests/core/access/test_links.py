"""A private link opens one thing, for one purpose, for a time."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta

import pytest
from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access.links import extend_link, find_link, make_link, revoke_links, use_link
from cyberdesk.core.access.models import PrivateLink
from cyberdesk.core.crypto import vault
from cyberdesk.core.crypto.keyring import Keyring
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.ids import new_id

DAY = timedelta(days=1)


@pytest.fixture
def subject(database):
    return new_id()


def made(subject, purpose="declaration", lasts=DAY):
    with atomic():
        return make_link(purpose, subject, lasts=lasts)


def opens(token, purpose="declaration"):
    with atomic():
        found = find_link(purpose, token)
        return found.subject_id if found else None


def test_a_link_opens_its_subject(subject):
    assert opens(made(subject)) == subject


def test_a_link_of_another_purpose_opens_nothing(subject):
    assert opens(made(subject), "password") is None


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "\x00", "é" * 5000])
def test_a_guessed_token_opens_nothing(subject, token):
    made(subject)
    assert opens(token) is None


def test_a_link_expires(subject):
    token = made(subject)
    with clock.using(clock.still(clock.now() + DAY)):
        assert opens(token) is None


def test_a_link_can_be_extended_never_shortened(subject):
    token = made(subject)
    with atomic():
        link = find_link("declaration", token)
        extend_link(link, clock.now() + 3 * DAY)
        extend_link(link, clock.now())
    with clock.using(clock.still(clock.now() + 2 * DAY)):
        assert opens(token) == subject


def test_revoking_closes_every_link_to_the_subject(subject):
    tokens, other = [made(subject), made(subject)], made(subject, "password")
    with atomic():
        assert revoke_links("declaration", subject) == 2
        assert revoke_links("declaration", subject) == 0
    assert [opens(token) for token in tokens] == [None, None]
    assert opens(other, "password") == subject


def test_a_link_is_used_once_by_whoever_is_first(subject):
    token = made(subject)

    def use():
        with atomic():
            return use_link("declaration", token)

    with ThreadPoolExecutor(4) as pool:
        uses = [pool.submit(copy_context().run, use) for _ in range(4)]
        results = [done.result() for done in uses]
    assert sorted(map(str, results)) == sorted(["None", "None", "None", str(subject)])
    assert opens(token) is None


def test_the_database_alone_holds_no_token(subject):
    token = made(subject)
    with atomic(SYSTEM) as session:
        kept = session.scalars(select(PrivateLink)).one()
    assert token.encode() not in kept.token_hash
    vault.use(Keyring.generate())  # without the pepper, even the token is worth nothing
    assert opens(token) is None


def test_links_outlive_a_new_pepper(subject):
    ring = Keyring.generate()
    vault.use(ring)
    token = made(subject)
    vault.use(Keyring(ring.wrapping, ring.peppers.renewed()))
    assert opens(token) == subject


def test_nobody_reads_links_but_the_house(subject):
    made(subject)
    with atomic() as session:
        assert session.scalars(select(PrivateLink)).all() == []

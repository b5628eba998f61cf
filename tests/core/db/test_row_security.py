"""A query that forgets its filter returns nothing of somebody else."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from cyberdesk.core import clock
from cyberdesk.core.access.models import Membership, Organisation, Person
from cyberdesk.core.db import Scope, atomic, on_commit, session
from cyberdesk.core.db.rls import SYSTEM


def person(email: str) -> Person:
    return Person(name=email, email=email, created_at=clock.now())


def test_the_application_owns_no_table_and_cannot_bypass(database):
    with atomic():
        owners = session().scalar(
            text(
                "SELECT count(*) FROM pg_tables WHERE schemaname='public' AND tableowner = current_user"
            )
        )
        unforced = (
            session()
            .scalars(
                text(
                    "SELECT relname FROM pg_class WHERE relkind='r' AND relnamespace='public'::regnamespace AND NOT (relrowsecurity AND relforcerowsecurity)"
                )
            )
            .all()
        )
    assert owners == 0
    assert unforced == []


def test_people_see_themselves_only(database):
    with atomic(SYSTEM) as s:
        one, two = person("a@example.org"), person("b@example.org")
        s.add_all([one, two])
    with atomic(Scope(person=one.id)) as s:
        assert s.scalars(select(Person.email)).all() == ["a@example.org"]
    with atomic() as s:
        assert s.scalars(select(Person.email)).all() == []


def test_a_row_cannot_be_written_for_somebody_else(database):
    with atomic(SYSTEM) as s:
        one, two = person("a@example.org"), person("b@example.org")
        s.add_all([one, two])
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        atomic(Scope(person=one.id)) as s,
    ):
        s.add(Membership(person_id=two.id, role="admin", strand="*", created_at=clock.now()))


def test_scope_ends_with_its_transaction(database):
    with atomic(SYSTEM) as s:
        s.add(person("a@example.org"))
    with atomic() as s:
        assert s.scalars(select(Person.id)).all() == []


def test_on_commit_takes_ids_only_and_waits_for_the_commit(database):
    seen = []
    with atomic(SYSTEM) as s:
        s.add(Organisation(kind="commune", name="X", search="x", created_at=clock.now()))
        on_commit(seen.append, 1)
        assert seen == []
        with pytest.raises(TypeError):
            on_commit(seen.append, person("a@example.org"))
    assert seen == [1]


def test_nothing_follows_a_rollback(database):
    seen = []
    with pytest.raises(RuntimeError), atomic(SYSTEM):
        on_commit(seen.append, 1)
        raise RuntimeError
    assert seen == []

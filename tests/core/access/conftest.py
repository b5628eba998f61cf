"""What the tests of access share."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from cyberdesk.core.access import throttle
from tests.core.access.journeys import give_password
from tests.factories import make_person


@pytest.fixture
def count_statements(database):
    """A context manager that collects the SQL sent inside it."""

    @contextmanager
    def counting():
        sent: list[str] = []

        def note(_connection, _cursor, statement, *_):
            sent.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def fresh_limits():
    """Nobody has been slowed down yet."""
    throttle.use(throttle.Memory())


@pytest.fixture
def member(app):
    return give_password(make_person("member"))


@pytest.fixture
def responder(app):
    return give_password(make_person("responder"))


@pytest.fixture
def admin(app):
    return make_person("admin", name="Ada")

"""What the tests of access share."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event


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

"""The people of the desk and of the communes, each with a program of their own."""

import pytest

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case
from tests.desk.cases.conftest import world  # noqa: F401
from tests.factories.machines import make_machine


@pytest.fixture
def machine_of(app, world):  # noqa: F811
    """Return the program of somebody of the world, with all their permissions or fewer."""
    return lambda who, scopes=None: make_machine(app, world.people[who], scopes)


@pytest.fixture
def open_case(app, world):  # noqa: F811
    """Open a case and return its reference."""

    def opened(*where, **changed):
        case_id = world.open_case(*where, **changed)
        with atomic(SYSTEM) as session:
            return session.get_one(Case, case_id).reference

    return opened


@pytest.fixture
def desk(machine_of):
    return machine_of("responder")

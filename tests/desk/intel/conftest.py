"""A case whose observables can be worked on, at a desk as the cases know it."""

from contextlib import contextmanager

import pytest

from cyberdesk.core.db import atomic
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.intel import service
from cyberdesk.desk.intel.reading import read
from tests.desk.cases.conftest import world  # noqa: F401

PASTED = """\
hxxps://paiement-mairie[.]example/login
185.199.108[.]153
10.20.30.40
facture_2026.zip
contact[arobase]faux-tresor[point]fr
44d88612fea8a8f36de82e1278abb02f
HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\maj
"""


@contextmanager
def at(actor, case_id):
    """One request of `actor` for one case."""
    with atomic(actor.scope):
        yield cases.access_case(actor, case_id)


def values(pasted=PASTED):
    return [value for line in read(pasted) for value in line.found]


def add(actor, case_id, pasted=PASTED, **given):
    """Add what is pasted, committed; returns the ids by the value."""
    with at(actor, case_id) as case:
        added = service.add_observables(actor, case, values(pasted), **given)
        return {row.value.text: row.id for row in added.new}


@pytest.fixture
def case_id(world):  # noqa: F811
    return world.open_case()

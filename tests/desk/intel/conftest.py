"""A case whose observables can be worked on, at a desk as the cases know it."""

import html
import re
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.intel import service
from cyberdesk.desk.intel.reading import read
from tests.desk.cases.conftest import world  # noqa: F401
from tests.factories import sign_in

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


@pytest.fixture
def browser(app, world):  # noqa: F811
    """A browser in which somebody is signed in, in French."""

    def made(who="responder"):
        signed = sign_in(app.test_client(), world.people[who])
        signed.set_cookie("language", "fr")
        return signed

    return made


@pytest.fixture
def case(case_id):
    """A case and the address of its page."""
    with atomic(SYSTEM) as s:
        return case_id, f"/desk/cases/{s.get_one(Case, case_id).reference}"


def words(answer):
    """What a page says, without its marks."""
    plain = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", html.unescape(plain))


@pytest.fixture
def statements(database):
    """Collect the SQL statements of a block: `with statements() as told`."""

    @contextmanager
    def collect():
        told = []

        def listen(_connection, _cursor, statement, *_more):
            told.append(statement)

        event.listen(database.engine, "before_cursor_execute", listen)
        yield told
        event.remove(database.engine, "before_cursor_execute", listen)

    return collect

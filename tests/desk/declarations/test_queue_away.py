"""A declaration is taken while Valkey is gone, and while it hangs: nobody in need waits for it."""

import socket
import time

import pytest
from sqlalchemy import select

from cyberdesk.core.access import throttle
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.jobs import outbox
from cyberdesk.core.jobs.bell import Bell
from cyberdesk.desk.cases.models import Case
from tests.factories.declarations import SHORT, make_declaration


@pytest.fixture(params=["gone", "hangs"])
def queue(request, database):
    """The address of a Valkey that is no help."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = 1 if request.param == "gone" else server.getsockname()[1]
        url = f"redis://127.0.0.1:{port}/0"
        outbox.use(Bell(url).ring)
        throttle.use(throttle.Shared(url))
        yield url
    outbox.use(None)
    throttle.use(throttle.Memory())


def test_it_is_taken_all_the_same(queue, client):
    begun = time.monotonic()
    assert client.get("/declarer").status_code == 200
    page = client.submit("/declarer", {"organisation_text": "nowhere"})
    assert page.status_code < 500
    make_declaration(screens=SHORT)
    assert time.monotonic() - begun < 6
    with atomic(SYSTEM) as session:
        assert len(session.scalars(select(Case)).all()) == 1

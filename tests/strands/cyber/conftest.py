"""A responder of the cyber desk, with the playbooks that are shipped."""

import pytest

from cyberdesk.desk.playbooks.versions import publish_shipped
from cyberdesk.rooms import open_rooms
from tests.factories.people import actor_of, make_person


@pytest.fixture
def responder(database):
    open_rooms()
    publish_shipped()
    return make_person("responder", name="Ada Desk")


@pytest.fixture
def desk(responder):
    return actor_of(responder)

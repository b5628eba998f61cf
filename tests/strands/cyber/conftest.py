"""A responder of the cyber desk, with the playbooks that are shipped."""

import pytest

from cyberdesk.rooms import open_rooms
from tests.factories.people import actor_of, make_person
from tests.factories.playbooks import publish_some


@pytest.fixture
def responder(database):
    open_rooms()
    publish_some("ransomware", "denial-of-service")
    return make_person("responder", name="Ada Desk")


@pytest.fixture
def desk(responder):
    return actor_of(responder)

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cyberdesk.core import clock
from tests.core.web import harness


@pytest.fixture(scope="session")
def face() -> Flask:
    return harness.build()


@pytest.fixture
def client(face: Flask) -> Iterator[FlaskClient]:
    with clock.using(clock.still(harness.NOW)):
        yield face.test_client()

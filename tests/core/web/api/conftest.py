"""A machine that calls the API of the real application."""

from datetime import timedelta

import pytest

from cyberdesk.core import clock
from cyberdesk.core.access.api_tokens import make_token
from cyberdesk.core.db import atomic
from tests.factories import actor_of, make_person
from tests.fixtures_web import Browser


@pytest.fixture
def client(app) -> Browser:
    return app.test_client()


@pytest.fixture
def new_token(app):
    """Make a token for a person who holds `role`, and return its text."""

    def make(role="responder", scopes=("token:make",), lasts=timedelta(days=1), person=None):
        actor = actor_of(person or make_person(role))
        with atomic(actor.scope):
            _, text = make_token(actor, name="probe", scopes=scopes, expires_at=clock.now() + lasts)
        return text

    return make


@pytest.fixture
def machine(client, new_token):
    """A client with a token in its headers."""
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {new_token()}"
    return client

"""The real application, made once, and browsers that behave like browsers."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from cyberdesk.app import create_app
from cyberdesk.core import db, letters
from cyberdesk.core.access import breached
from cyberdesk.core.audit import checkpoints
from cyberdesk.core.audit.key_files import open_signer
from cyberdesk.core.crypto import vault
from cyberdesk.core.egress import guard
from cyberdesk.core.files import blobs
from cyberdesk.core.jobs import outbox
from cyberdesk.settings import Settings


class Browser(FlaskClient):
    """A browser; `submit` sends a form as the page it stands on would, CSRF token included."""

    def submit(self, address: str, data: dict | None = None, /, **options) -> TestResponse:
        fields = {"csrf_token": self.csrf_token()} | (data or {})
        return self.post(address, data=fields, **options)

    def csrf_token(self) -> str:
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", "0" * 40)
        key = self.application.config["SECRET_KEY"]
        return URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(raw)


@pytest.fixture(scope="session")
def settings(schema: str, tmp_path_factory) -> Settings:
    data = tmp_path_factory.mktemp("data")
    return Settings(
        data=data,
        database_url=schema,
        redis_url="unix:///nowhere",  # the application serves without it
        owner_url=schema,
        base_url="http://localhost",
        secret_key="s" * 40,
        files=data / "files",
        keyring_file=data / "keyring.json",
        signing_key_file=data / "journal.key",
    )


@pytest.fixture(scope="session")
def _app(settings: Settings) -> Flask:
    made = create_app(settings)
    made.test_client_class = Browser
    db.database().close()
    db.use(None)
    vault.use(None)
    outbox.use(None)
    return made


@pytest.fixture
def app(_app: Flask, settings: Settings, database: db.Database) -> Iterator[Flask]:
    """The application on a clean database, and all that other tests may have set otherwise."""
    letters.use(letters.Letterhead(settings.csirt_name, settings.base_url, settings.desk_mail))
    guard.use(guard.Rules.parse(settings.egress_allow))
    breached.use(settings.breached_file)
    blobs.use(blobs.Blobs(settings.files))
    checkpoints.use(open_signer(settings.signing_key_file, host=settings.host, create=True))
    yield _app
    blobs.use(None)


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser nobody is signed in from."""
    return app.test_client()  # type: ignore[return-value]

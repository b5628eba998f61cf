import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from cyberdesk.core import clock
from tests.core.web import harness
from tests.core.web.far_end import Memory


@pytest.fixture(scope="session")
def face() -> Flask:
    return harness.build()


@pytest.fixture
def face_client(face: Flask) -> Iterator[FlaskClient]:
    with clock.using(clock.still(harness.NOW)):
        yield face.test_client()


@pytest.fixture(scope="session")
def site(face: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, face, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def memory(face: Flask) -> Memory:
    """Begin anew at the far end of the pages."""
    face.extensions["far_end"] = Memory()
    held: Memory = face.extensions["far_end"]
    return held


@pytest.fixture
def page(chromium: Browser, site: str, memory: Memory) -> Iterator[Page]:
    """A page that must not say anything in the console."""
    del memory
    context = chromium.new_context(base_url=site, viewport={"width": 390, "height": 844})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.set_default_timeout(5000)
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on(
        "console",
        lambda said: faults.append(said.text) if "Content Security" in said.text else None,
    )
    yield opened
    context.close()
    assert faults == []

"""A real browser against the real application, on a database of its own.

Pictures are kept where CYBERDESK_SHOTS says, for a look and for the documentation.
"""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the application, served from this process on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("CYBERDESK_SHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def phone(chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Make a telephone; `phone(scripts=False)` has JavaScript turned off."""
    contexts = []

    def make(*, scripts: bool = True, **options) -> Page:
        context = chromium.new_context(
            base_url=site,
            viewport=options.pop("viewport", PHONE),
            java_script_enabled=scripts,
            locale=options.pop("locale", "fr-FR"),
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        return page

    yield make
    for context in contexts:
        context.close()

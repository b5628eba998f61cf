"""A real browser against the real application, on a database of its own.

Every journey begins on Monday 23 November 2026 at 07:40 in the communes, where time goes slowly and
references and codes are drawn in the same order, so that its pictures say the same each time. `CYBERDESK_SHOTS=folder` keeps the pictures of the documentation there
(`make screens`); `CYBERDESK_LOOK=folder` keeps a picture of every step, to look at.
"""

import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask, appcontext_pushed, g
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from cyberdesk.core import clock, ids
from cyberdesk.core.access.models import Person
from cyberdesk.core.jobs import delivery
from cyberdesk.core.letters.writing import TOPIC
from cyberdesk.desk.cases import live
from cyberdesk.desk.declarations.service import starting
from tests.journeys.looking import shoot
from tests.journeys.palette import reduced
from tests.journeys.signing_in import signed_in

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 860}
MONDAY = datetime(2026, 11, 23, 6, 40, tzinfo=UTC)
RATE = 0.05  # seconds of the journey in one of ours: no picture says « 12 s ago »
PUBLIC = "https://cyberdesk.example"  # where the pages say that they are
PATIENCE = 20_000  # milliseconds: a ceiling for waiting on a loaded machine, never a pause
MAILS = frozenset({TOPIC})

expect.set_options(timeout=PATIENCE)


@pytest.fixture(autouse=True)
def monday() -> Iterator[clock.Clock]:
    """The clock of the journey: it starts at MONDAY and goes on at RATE, as the pages are told."""
    begun = time.monotonic()
    ticking = lambda: MONDAY + timedelta(seconds=RATE * (time.monotonic() - begun))  # noqa: E731
    told = lambda *_, **__: setattr(g, "clock_rate", RATE)  # noqa: E731
    with clock.using(ticking), appcontext_pushed.connected_to(told):
        yield ticking


@pytest.fixture(autouse=True)
def drawn_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """References and codes that people read are the same each time."""
    lots = random.Random("CyberDesk")
    for drawer, draw in ((ids, "choice"), (starting, "randbelow")):
        name = {"choice": "choice", "randbelow": "randrange"}[draw]
        monkeypatch.setattr(
            drawer, "secrets", SimpleNamespace(**vars(secrets) | {draw: getattr(lots, name)})
        )


@pytest.fixture
def site(app: Flask, monday: clock.Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the application, served from this process on a free port."""

    class AtThatTime(WSGIRequestHandler):
        """Serves at the journey's time, open streams included, and says nothing of each request."""

        def run_wsgi(self) -> None:
            with clock.using(monday):
                super().run_wsgi()

        def log_request(self, *_said: object) -> None:
            return

    monkeypatch.setitem(app.config, "CYBERDESK", replace(app.config["CYBERDESK"], base_url=PUBLIC))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=AtThatTime)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    for page in list(live.watch._open):
        live.watch.close(page)
    server.shutdown()
    thread.join()


@pytest.fixture
def engine(app: Flask, monday: clock.Clock) -> Iterator[None]:
    """A worker: it carries out what the outbox holds, mails excepted, as soon as it is there."""
    over = threading.Event()

    def work() -> None:
        with clock.using(monday):
            while not over.wait(0.1):
                delivery.drain(but=MAILS)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """`picture(page, "queue")`: what one sees, for the documentation."""

    def take(page: Page, name: str) -> None:
        width = (page.viewport_size or PHONE)["width"]
        assert width in {PHONE["width"], DESKTOP["width"]}, "on a telephone or at a desk"
        if folder := os.environ.get("CYBERDESK_SHOTS"):
            file = Path(folder) / f"{name}.png"
            shoot(page, file)
            file.write_bytes(reduced(file.read_bytes(), page.context.browser))

    return take


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """A folder for pictures of every step."""
    folder = Path(os.environ.get("CYBERDESK_LOOK", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def phone(chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Make a telephone; `phone(scripts=False)` has JavaScript turned off. No script may fail."""
    contexts, faults = [], list[str]()

    def make(*, scripts: bool = True, **options) -> Page:
        context = chromium.new_context(
            base_url=site,
            viewport=options.pop("viewport", PHONE),
            java_script_enabled=scripts,
            locale=options.pop("locale", "fr-FR"),
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield make
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def desk(phone: Callable[..., Page], app: Flask, site: str) -> Callable[..., Page]:
    """Make the screen of somebody of the house, signed in with a second factor."""

    def make(person: Person, **options) -> Page:
        return signed_in(phone(viewport=DESKTOP, **options), app, site, person)

    return make

"""One browser for the whole session: two drivers cannot live in one process."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.debian import CHROMIUM, EVERY, install


def pytest_collection_finish(session: pytest.Session) -> None:
    """Get what tests drive before the first begins: no time limit of a test stops it half-way."""
    if session.config.option.collectonly:
        return
    asked = {name for item in session.items for name in getattr(item, "fixturenames", ())}
    install([program for fixture, program in EVERY.items() if fixture in asked])


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = CHROMIUM.find()
    if not found:
        pytest.skip(CHROMIUM.missing)
    with sync_playwright() as driver:
        # As root in a container, chromium's own sandbox has nothing to stand on.
        browser = driver.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()

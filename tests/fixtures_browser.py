"""One browser for the whole session: two drivers cannot live in one process."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import chromium as debian


def pytest_collection_finish(session: pytest.Session) -> None:
    """Get the browser before the first test begins: no time limit of a test stops it half-way."""
    wanted = any(item.get_closest_marker("journey") for item in session.items)
    if wanted and not session.config.option.collectonly and not debian.find():
        debian.install()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = debian.find()
    if not found:
        pytest.skip(debian.MISSING)
    with sync_playwright() as driver:
        # As root in a container, chromium's own sandbox has nothing to stand on.
        browser = driver.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()

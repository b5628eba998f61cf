import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cyberdesk.core import logs, text
from cyberdesk.core.embedded.postgres import Postgres
from cyberdesk.core.embedded.valkey import Valkey

logs.configure(plain=True)

pytest_plugins = ["tests.fixtures_database", "tests.fixtures_web", "tests.fixtures_browser"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that ask for most time: met last, one worker would be alone with them."""
    asked: dict[Path, float] = {}
    for item in items:
        limit = item.get_closest_marker("timeout")
        asked[item.path] = max(asked.get(item.path, 0), limit.args[0] if limit else 0)
    items.sort(key=lambda item: -asked[item.path])


@pytest.fixture(autouse=True)
def _french() -> None:
    """A request speaks its language for the rest of its thread, and tests share one thread."""
    text.speak("fr")


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """Straight under the temporary folder: pytest's own is closed to the account root runs as."""
    folder = Path(tempfile.mkdtemp(prefix="cyberdesk-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(server_folder: Path) -> Iterator[Postgres]:
    """A running PostgreSQL for the whole session; `.dsn` is the owner's. Not durable, but fast."""
    server = Postgres(server_folder, durable=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey_server(server_folder: Path) -> Iterator[Valkey]:
    """A running Valkey for the whole session; `.dsn` is a unix:// URL for redis.from_url."""
    server = Valkey(server_folder, durable=False)
    server.start()
    yield server
    server.stop()

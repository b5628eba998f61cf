import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def data() -> Iterator[Path]:
    """A DATA of its own, short enough for sockets and open to the servers' account."""
    folder = Path(tempfile.mkdtemp(prefix="cyberdesk-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cyberdesk import process
from cyberdesk.cli import main
from cyberdesk.core import db, letters
from cyberdesk.core.audit import checkpoints
from cyberdesk.core.crypto import vault
from cyberdesk.core.jobs import outbox

Command = Callable[..., Result]


@pytest.fixture
def short_data() -> Iterator[Path]:
    """A data folder whose path is short enough for sockets and open to the servers' account."""
    folder = Path(tempfile.mkdtemp(prefix="cyberdesk-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def command(monkeypatch) -> Command:
    """Run `cyberdesk …` in this process; what it opened for itself is put back as it was."""
    for name in ("DATABASE_URL", "REDIS_URL", "KEYRING"):
        monkeypatch.delenv(f"CYBERDESK_{name}", raising=False)

    def run(*arguments: object) -> Result:
        kept = db.engine._database, vault._keyring, letters.letterhead()
        try:
            return CliRunner().invoke(main, [str(argument) for argument in arguments])
        finally:
            db.use(kept[0])
            vault.use(kept[1])
            letters.use(kept[2])
            checkpoints.use(None)
            outbox.use(None)
            process._settings = None

    return run

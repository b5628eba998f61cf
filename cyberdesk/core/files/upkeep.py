"""What the house does with its files by itself: checks them in turn, sweeps what nobody needs."""

from contextlib import suppress
from datetime import timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import select

from cyberdesk.core import clock
from cyberdesk.core.access import system
from cyberdesk.core.crypto.models import DataKey
from cyberdesk.core.db import atomic, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.errors import ConflictError
from cyberdesk.core.files import service
from cyberdesk.core.files.blobs import blobs
from cyberdesk.core.files.discard import discard, known
from cyberdesk.core.files.models import ERASED, KEPT, StoredFile
from cyberdesk.core.jobs import outbox

VERIFY, SWEEP = "file:verify", "files:sweep"
_EVERY = timedelta(days=30)  # each file is read through once in this time
_AT_ONCE = 50
_DRAFT_LIFE = timedelta(days=1).total_seconds()
_BATCH = 500
_ME = system("files")


def ask_for_checks() -> int:
    """Have the files that were not read through for a month checked by a worker."""
    with atomic(SYSTEM):
        due = select(StoredFile.id, StoredFile.verified_at).where(
            StoredFile.state == KEPT, StoredFile.verified_at < clock.now() - _EVERY
        )
        rows = session().execute(due.order_by(StoredFile.verified_at).limit(_AT_ONCE)).all()
        return sum(
            outbox.send(VERIFY, dedup=f"{VERIFY}:{row.id}:{row.verified_at}", file_id=str(row.id))
            for row in rows
        )


def ask_for_sweep() -> int:
    """Have the store swept once today."""
    with atomic(SYSTEM):
        return int(outbox.send(SWEEP, dedup=f"{SWEEP}:{clock.now().date()}"))


def check(*, file_id: str) -> None:
    with atomic(SYSTEM):
        file = session().get(StoredFile, UUID(file_id))
        if file and file.state != ERASED:
            with suppress(ConflictError):  # its key is gone: the sweep says so
                service.verify(_ME, file)


def sweep() -> int:
    """Remove what no file stands for; return how much there was."""
    while _erase_with_their_keys():
        pass
    removed, found = 0, blobs().addresses()
    while batch := list(islice(found, _BATCH)):
        with atomic(SYSTEM):
            needed = known(batch)
        removed += sum(discard(address) for address in batch if address not in needed)
    return removed + blobs().clear_drafts(_DRAFT_LIFE)


def _erase_with_their_keys() -> int:
    """Mark some files whose key was destroyed: nobody can read them any more."""
    with atomic(SYSTEM):
        gone = (
            select(StoredFile)
            .join(DataKey, DataKey.id == StoredFile.key_id)
            .where(StoredFile.state != ERASED, DataKey.destroyed_at.is_not(None))
        )
        files = session().scalars(gone.limit(_BATCH)).all()
        for file in files:
            service.erase(_ME, file, reason="its key was destroyed")
        return len(files)

"""What the journal says of a restore: who, which backup, and how it compares with what came."""

import getpass
import os
from typing import Any

from cyberdesk.core.access.actor import system
from cyberdesk.core.audit import record
from cyberdesk.core.audit.signed_note import Checkpoint, Note, NoteError
from cyberdesk.core.backup.reading import Restored
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM


def journal(restored: Restored, *, archive: str, verdict: dict[str, Any]) -> None:
    """Write the entry, as the first one of the house that was filled.

    It goes on where the backup ended: a witness's later checkpoint shows what is missing between.
    """
    made = restored.manifest
    with atomic(SYSTEM):
        record(
            system(f"command line ({_account()})"),
            "house:restore",
            None,
            {
                "archive": archive,
                "made_at": made.made_at,
                "release": made.release,
                "dump_sha256": made.dump_sha256,
                "rows": sum(made.rows.values()),
                "files": restored.files,
                "lacking": sorted(restored.lacking),
                "missing_files": restored.missing,
                "erased_again": restored.erased,
                "backup_journal": signed_head(made.checkpoint),
                "restored_journal": verdict,
            },
        )


def signed_head(note: str) -> dict[str, Any] | None:
    """Return size and root hash that the backup's last checkpoint signed, None without one."""
    try:
        signed = Checkpoint.parse(Note.parse(note).text)
    except NoteError:
        return None
    return {"size": signed.size, "root": signed.head.hex()}


def _account() -> str:
    """Return who runs the command, as the machine knows them; behind sudo, who called it."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a container's account without a name
        return str(os.getuid())

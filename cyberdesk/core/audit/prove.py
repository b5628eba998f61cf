"""Making the proof of a stored entry."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cyberdesk.core.access import system
from cyberdesk.core.audit import read, record, stored
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.audit.proof import make_proof
from cyberdesk.core.audit.signed_note import Checkpoint, Note
from cyberdesk.core.audit.verify import UncheckedError
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM


def prove_entry(dsn: str, seq: int, *, opens: bool = False) -> dict[str, Any]:
    """Return the proof of entry `seq` under the latest checkpoint, its payload too with `opens`."""
    with stored.connect(dsn) as connection:
        entry, notes = stored.entry(connection, seq), stored.notes(connection)
        signed = Checkpoint.parse(Note.parse(notes[-1]).text).size if notes else 0
        if entry is None or seq >= signed:
            raise UncheckedError(
                f"entry {seq} is not among the {signed} signed ones: run cyberdesk audit checkpoint"
            )
        leaves = stored.leaf_hashes(connection, signed)
    return make_proof(entry, leaves, notes[-1], opened=_opened(entry) if opens else None)


def _opened(content: Mapping[str, Any]) -> bytes | None:
    """Open the entry's sealed payload; that somebody did is journalled like any reading."""
    with atomic(SYSTEM) as session:
        entry = session.get_one(AuditEntry, UUID(json.loads(content["header"])["id"]))
        record(system("audit prove"), "journal:opened", entry)
        return read.opened(entry)

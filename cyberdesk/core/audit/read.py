"""Reading what entries say."""

import json
from typing import Any

from cyberdesk.core.audit.guard import SALT_BYTES
from cyberdesk.core.audit.models import AuditEntry
from cyberdesk.core.crypto.vault import ErasedError, unseal


def payload_of(entry: AuditEntry) -> dict[str, Any] | None:
    """Return the entry's payload, or None once the key that sealed it was destroyed."""
    if entry.key_id is None:
        return json.loads(entry.payload)  # type: ignore[no-any-return]
    plain = opened(entry)
    return None if plain is None else json.loads(plain[SALT_BYTES:])


def opened(entry: AuditEntry) -> bytes | None:
    """Return what the entry's sealed payload opens to: its inner salt, then canonical JSON."""
    if entry.key_id is None or not entry.payload:  # open, or written after its key was destroyed
        return None
    try:
        return unseal(
            entry.key_id, entry.payload, table=entry.__tablename__, row=entry.id, column="payload"
        )
    except ErasedError:
        return None

"""What exactly an entry's leaf is made of.

    leaf hash = SHA-256(0x00 ‖ seq as 8 bytes big-endian ‖ header)          (RFC 6962 §2.1)
    header    = canonical JSON (RFC 8785) of action, actor, at, case, id, key, payload, plain,
                subject and v (HEADER_SQL)
    payload   = hex of SHA-256(salt ‖ actor's name ‖ 0x00 ‖ payload as stored)
    plain     = hex of SHA-256(what the stored payload opens to), null when it is not sealed

The seq stands in the leaf so that an entry moved to another place is known by itself. The header
holds ids and no personal data: name and payload can be withheld from an export, or erased with
the key that seals them, and the leaf is still proved. What is sealed begins with a salt of its
own, so that once it is erased nobody can confirm a guess of it; while it can be read, one entry
can be opened for a court without handing over the key of its case.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from typing import Any
from uuid import UUID


def leaf_of(seq: int, header: bytes) -> bytes:
    return sha256(b"\x00" + seq.to_bytes(8, "big") + header).digest()


def commitment(salt: bytes, actor_name: str, payload: bytes) -> str:
    return sha256(salt + actor_name.encode() + b"\x00" + payload).hexdigest()


def commits_to(header: bytes, member: str, digest: str) -> bool:
    # In canonical JSON a quote inside a string is escaped, so these bytes are the member itself.
    return f'"{member}":"{digest}"'.encode() in header


# The header of `audit_entries e`, as PostgreSQL builds it: once when the entry gets its place, and
# again by `audit verify`, which so finds a column that was changed. Its texts are names of ours and
# hold nothing that JSON escapes (a constraint of the table). What version 1 is never changes;
# another version gets its own words beside it.
HEADER_SQL = """
convert_to(
  '{"action":"' || e.action || '","actor":["' || e.actor_kind || '",'
  || coalesce('"' || e.actor_id || '"', 'null') || '],"at":"'
  || to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00","case":'
  || coalesce('"' || e.case_id || '"', 'null') || ',"id":"' || e.id || '","key":'
  || coalesce('"' || e.key_id || '"', 'null') || ',"payload":"'
  || encode(sha256(e.salt || convert_to(e.actor_name, 'UTF8') || '\\x00' || e.payload), 'hex')
  || '","plain":' || coalesce('"' || encode(e.plain_hash, 'hex') || '"', 'null')
  || ',"subject":["' || e.subject_type || '",' || coalesce('"' || e.subject_id || '"', 'null')
  || '],"v":' || '1}',
  'UTF8')
"""


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return `value` as RFC 8785 canonical JSON (our payloads hold no floats)."""
    return json.dumps(
        value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain
    ).encode()


def _plain(value: Any) -> Any:
    for kinds, shown in _SHOWN:
        if isinstance(value, kinds):
            return shown(value)
    return str(value.id) if hasattr(value, "id") else f"<{type(value).__name__}>"


_SHOWN: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    ((datetime, date), lambda value: value.isoformat()),
    (UUID, str),
    (Enum, lambda value: value.value),
    ((set, frozenset), lambda value: sorted(value, key=str)),
    (bytes, lambda value: {"sha256": sha256(value).hexdigest(), "bytes": len(value)}),
)

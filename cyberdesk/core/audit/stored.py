"""The journal as it lies in a database, read for verification.

The leaves are hashed here while PostgreSQL, on another connection in the same snapshot, compares
every entry with its leaf: two cores share the work.
"""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import Connection

from cyberdesk.core.audit.exported import Shown, entry_as_json
from cyberdesk.core.audit.leaf import HEADER_SQL
from cyberdesk.core.audit.merkle import Frontier
from cyberdesk.core.audit.verify import Stored, TamperedError, UncheckedError, Verdict, verify
from cyberdesk.core.crypto.signing import Verifier
from cyberdesk.core.db.engine import APPLICATION_ROLE

_BATCH = 2000
_READ_ONLY = (
    "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
)
_OPTIONS = f"-c role={APPLICATION_ROLE} -c cyberdesk.system=on {_READ_ONLY}"

_MISMATCHED = f"""
SELECT min(l.seq) FROM audit_leaves l LEFT JOIN audit_entries e ON e.id = l.entry_id
WHERE l.header IS DISTINCT FROM {HEADER_SQL}
"""  # noqa: S608  # our own words
_HOMELESS = """
SELECT e.id FROM audit_entries e
WHERE NOT EXISTS (SELECT FROM audit_leaves l WHERE l.entry_id = e.id)
  AND NOT EXISTS (SELECT FROM audit_pending p WHERE p.entry_id = e.id) LIMIT 1
"""
_ENTRY = f"""
SELECT l.header, {HEADER_SQL} AS rebuilt FROM audit_leaves l
LEFT JOIN audit_entries e ON e.id = l.entry_id WHERE l.seq = %s
"""  # noqa: S608  # our own words


@dataclass(frozen=True, slots=True)
class Checked:
    """An intact stored journal; `waiting` entries have no place in the tree yet."""

    verdict: Verdict
    waiting: int


@contextmanager
def connect(dsn: str) -> Iterator[Connection[Any]]:
    """Open the database read-only, in one snapshot, as the application that may read it all."""
    plain = dsn.replace("postgresql+psycopg://", "postgresql://")
    try:
        with psycopg.connect(plain, options=_OPTIONS) as connection:
            yield connection
    except psycopg.Error as error:
        raise UncheckedError(f"the database cannot be read: {str(error).strip()}") from error


def check(dsn: str, keys: Sequence[Verifier], witnessed: Sequence[str] = ()) -> Checked:
    """Verify the journal in the database at `dsn`. Raises TamperedError or UncheckedError."""
    with connect(dsn) as ours, connect(dsn) as theirs, ThreadPoolExecutor(1) as pool:
        snapshot = _value(ours, "SELECT pg_export_snapshot()")
        theirs.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        comparison = pool.submit(_compare, theirs)
        try:
            verdict = verify(leaves(ours), [*notes(ours), *witnessed], keys)
        except TamperedError as found:
            raise _sooner(found, comparison.result()) from found
        fault = comparison.result()
        if fault is None or fault.seq is None:
            _check_state(ours, verdict)
        if fault:
            raise fault
        return Checked(verdict, int(_value(ours, "SELECT count(*) FROM audit_pending")))


def leaves(connection: Connection[Any]) -> Iterator[Stored]:
    with connection.cursor("leaves", binary=True) as cursor:
        cursor.itersize = _BATCH
        cursor.execute("SELECT seq, header, leaf_hash FROM audit_leaves ORDER BY seq")
        for seq, header, leaf_hash in cursor:
            yield Stored(seq, header, leaf_hash)


def _compare(connection: Connection[Any]) -> TamperedError | None:
    """Return what is wrong between entries and leaves: changed, deleted or kept out of the tree."""
    seq = _value(connection, _MISMATCHED)
    if seq is not None:
        header, rebuilt = connection.execute(_ENTRY, (seq,)).fetchone() or (b"", None)
        return TamperedError(seq, _difference(header, rebuilt))
    homeless = _value(connection, _HOMELESS)
    return homeless and TamperedError(None, f"the entry {homeless} was taken out of the tree")


def _difference(header: bytes, rebuilt: bytes | None) -> str:
    if rebuilt is None:
        return "it was deleted, its leaf remains"
    try:
        was, now = json.loads(header), json.loads(rebuilt)
    except ValueError:
        return "its leaf was changed"
    return f"its {', '.join(name for name in now if now[name] != was.get(name))} was changed"


def _sooner(found: TamperedError, other: TamperedError | None) -> TamperedError:
    """Return the one that names the earlier entry, or the very entry rather than a range."""
    if other is None or other.seq is None or found.seq is None:
        return found
    return other if other.seq <= found.seq or not found.exact else found


def _check_state(connection: Connection[Any], verdict: Verdict) -> None:
    """The unsigned tail has no checkpoint yet, but the growing edge of the tree to agree with."""
    stored = _value(connection, "SELECT frontier FROM audit_tree") or Frontier().to_bytes()
    edge = Frontier.from_bytes(stored)
    if edge.size != verdict.size:
        seq = min(edge.size, verdict.size)
        raise TamperedError(seq, f"the tree held {edge.size} entries, {verdict.size} are there")
    if edge.head() != verdict.head:
        why = f"entries {verdict.signed} to {verdict.size - 1} are not those of the tree"
        raise TamperedError(verdict.signed, why, exact=False)


def notes(connection: Connection[Any]) -> list[str]:
    rows = connection.execute("SELECT note FROM audit_checkpoints ORDER BY size")
    return [note for (note,) in rows]


def signings(connection: Connection[Any]) -> list[tuple[datetime, str]]:
    """Return when each checkpoint was signed, and its note."""
    return connection.execute("SELECT at, note FROM audit_checkpoints ORDER BY size").fetchall()


def size(connection: Connection[Any]) -> int:
    return int(_value(connection, "SELECT count(*) FROM audit_leaves"))


def entries(connection: Connection[Any], *, withhold: bool = False) -> Iterator[dict[str, Any]]:
    """Yield every entry for an export; with `withhold`, without names and payloads."""
    with connection.cursor("entries", binary=True) as cursor:
        cursor.itersize = _BATCH
        cursor.execute(_ENTRIES + "ORDER BY l.seq")
        for seq, header, *shown in cursor:
            yield entry_as_json(seq, header, None if withhold else _shown(shown))


def entry(connection: Connection[Any], seq: int) -> dict[str, Any] | None:
    row = connection.execute(_ENTRIES + "WHERE l.seq = %s", (seq,)).fetchone()
    return entry_as_json(row[0], row[1], _shown(row[2:])) if row else None


def leaf_hashes(connection: Connection[Any], size: int) -> list[bytes]:
    wanted = "SELECT leaf_hash FROM audit_leaves WHERE seq < %s ORDER BY seq"
    return [leaf for (leaf,) in connection.execute(wanted, (size,))]


_ENTRIES = """
SELECT l.seq, l.header, e.salt, e.actor_name, e.payload FROM audit_leaves l
LEFT JOIN audit_entries e ON e.id = l.entry_id
"""


def _shown(columns: Sequence[Any]) -> Shown | None:
    salt, name, payload = columns
    return None if salt is None else (salt, name, payload)


def _value(connection: Connection[Any], statement: str) -> Any:
    row = connection.execute(statement).fetchone()
    return row[0] if row else None

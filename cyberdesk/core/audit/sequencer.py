"""Giving entries their place in the tree, one process at a time.

Entries are written by many transactions at once and in no order; only here do they get one, so
that writers never wait for each other.
"""

from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from cyberdesk.core.audit.leaf import HEADER_SQL, leaf_of
from cyberdesk.core.audit.merkle import Frontier
from cyberdesk.core.audit.models import AuditPending, AuditTree
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM

LOCK = 0x6A6F75726E616C  # "journal": whoever holds it in the database is the one who appends


def integrate(limit: int = 2000) -> int:
    """Append up to `limit` waiting entries to the tree; return how many there were.

    Returns 0 at once while another process is doing it.
    """
    with atomic(SYSTEM) as session:
        if not session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
            return 0
        waiting = session.execute(text(_WAITING), {"limit": limit}).all()
        if waiting:
            _append(session, [(row.id, row.header) for row in waiting])
        return len(waiting)


def integrate_all() -> int:
    """Append whatever waits now."""
    total = 0
    while done := integrate():
        total += done
    return total


def hold_tree(session: Session) -> AuditTree:
    """Return the tree's row; nobody appends until this transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    return tree_of(session)


def tree_of(session: Session) -> AuditTree:
    tree = session.get(AuditTree, 1)
    if tree is None:
        tree = AuditTree(id=1, frontier=Frontier().to_bytes())
        session.add(tree)
    return tree


def _append(session: Session, waiting: list[tuple[UUID, bytes]]) -> None:
    tree = tree_of(session)
    frontier = Frontier.from_bytes(tree.frontier)
    ids, headers = [id_ for id_, _ in waiting], [header for _, header in waiting]
    leaves = [leaf_of(seq, header) for seq, header in enumerate(headers, frontier.size)]
    values = {"first": frontier.size, "ids": ids, "headers": headers, "leaves": leaves}
    session.execute(text(_APPEND), values)
    session.execute(delete(AuditPending).where(AuditPending.entry_id.in_(ids)))
    tree.frontier = frontier.extend(leaves).to_bytes()


_WAITING = f"""
SELECT e.id, {HEADER_SQL} AS header
FROM (SELECT entry_id FROM audit_pending ORDER BY entry_id LIMIT :limit) p
JOIN audit_entries e ON e.id = p.entry_id ORDER BY e.id
"""  # noqa: S608  # our own words
_APPEND = """
INSERT INTO audit_leaves (seq, entry_id, header, leaf_hash)
SELECT CAST(:first AS bigint) + place - 1, id, header, leaf_hash FROM unnest(
  CAST(:ids AS uuid[]), CAST(:headers AS bytea[]), CAST(:leaves AS bytea[])
) WITH ORDINALITY AS row (id, header, leaf_hash, place)
"""

"""Signing the head of the tree, for witnesses outside."""

from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cyberdesk.core import clock
from cyberdesk.core.audit.key_files import KeyFiles, Keys
from cyberdesk.core.audit.leaf import HEADER_SQL, leaf_of
from cyberdesk.core.audit.merkle import Frontier
from cyberdesk.core.audit.models import AuditCheckpoint
from cyberdesk.core.audit.sequencer import hold_tree, integrate_all
from cyberdesk.core.audit.signed_note import Checkpoint, NoteError, read_checkpoint
from cyberdesk.core.crypto.signing import Signer, Verifier
from cyberdesk.core.db import atomic
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.core.events import events

_keys: Callable[[], Keys] | None = None


class JournalBrokenError(RuntimeError):
    """The journal is not the continuation of what was signed; nothing is signed on top of it."""


def use(new: Signer | None, earlier: Sequence[Verifier] = ()) -> None:
    """Make `new` the signer of this process; what the `earlier` keys signed counts as well."""
    keys = Keys(new, tuple(earlier)) if new else None
    _choose((lambda: keys) if keys else None)


def follow(path: Path) -> None:
    """Sign with the key at `path`, and with another one as soon as that stands there."""
    _choose(KeyFiles(path).present)


def _choose(keys: Callable[[], Keys] | None) -> None:
    global _keys  # noqa: PLW0603  # one signer per process, chosen when it starts
    _keys = keys


def _present() -> Keys:
    if _keys is None:
        raise RuntimeError("no signer: call cyberdesk.core.audit.checkpoints.use(signer) first")
    return _keys()


def trusted() -> list[Verifier]:
    """Return every key that this journal was signed with, the present one first."""
    keys = _present()
    return [keys.signer.verifier, *keys.earlier]


def signer() -> Signer:
    return _present().signer


def checkpoint() -> AuditCheckpoint:
    """Append what waits, sign the head and keep it; the last one again if nothing was added.

    Only what continues the last checkpoint is signed, hashed anew from the entries.
    Raises JournalBrokenError.
    """
    key = signer()
    integrate_all()
    with atomic(SYSTEM) as session:
        stored = Frontier.from_bytes(hold_tree(session).frontier)
        last = latest(session)
        grown = _grown(session, _trusted(last, *trusted()))
        if grown != stored:
            raise JournalBrokenError("the tree does not match its entries: run audit verify")
        if last is not None and last.size == grown.size:
            return last
        signed = Checkpoint(key.name, grown.size, grown.head()).sign(key)
        row = AuditCheckpoint(
            at=clock.now(), size=grown.size, note=str(signed), frontier=grown.to_bytes()
        )
        session.add(row)
        session.flush()
        events.emit("journal:signed", checkpoint=row)
        return row


def latest(session: Session) -> AuditCheckpoint | None:
    newest = select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc()).limit(1)
    return session.scalars(newest).first()


def _trusted(last: AuditCheckpoint | None, *logs: Verifier) -> Frontier:
    """Return where the last checkpoint ended, if one of `logs` vouched for it."""
    if last is None:
        return Frontier()
    try:
        signed = read_checkpoint(last.note, *logs)
        frontier = Frontier.from_bytes(last.frontier)
    except (NoteError, ValueError) as error:
        raise JournalBrokenError(f"the checkpoint of {last.size} entries: {error}") from error
    if (frontier.size, frontier.head()) != (signed.size, signed.head):
        raise JournalBrokenError(f"the checkpoint of {last.size} entries is not its own tree")
    return frontier


def _grown(session: Session, frontier: Frontier) -> Frontier:
    added = session.execute(text(_ADDED).execution_options(yield_per=5000), {"size": frontier.size})
    return frontier.extend(_leaf(row.seq, row.stored, row.header) for row in added)


_ADDED = f"""
SELECT l.seq, l.header AS stored, {HEADER_SQL} AS header
FROM audit_leaves l LEFT JOIN audit_entries e ON e.id = l.entry_id
WHERE l.seq >= :size ORDER BY l.seq
"""  # noqa: S608  # our own words


def _leaf(seq: int, stored: bytes, header: bytes | None) -> bytes:
    if stored != header:
        raise JournalBrokenError(f"entry {seq} is missing or was changed: run audit verify")
    return leaf_of(seq, stored)

"""Checking a journal against its signed checkpoints, with nothing but the public key."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from cyberdesk.core.audit.leaf import leaf_of
from cyberdesk.core.audit.merkle import Frontier
from cyberdesk.core.audit.signed_note import Checkpoint, NoteError, read_checkpoint
from cyberdesk.core.crypto.signing import Verifier


class TamperedError(Exception):
    """The journal is not what was signed.

    `seq` is the first entry that cannot be vouched for: the very one when `exact`, otherwise the
    first since the checkpoint before. None: it is not about an entry.
    """

    def __init__(self, seq: int | None, why: str, *, exact: bool = True) -> None:
        super().__init__(why if seq is None else f"entry {seq}: {why}")
        self.seq = seq
        self.why = why
        self.exact = exact


class UncheckedError(Exception):
    """It could not be told whether the journal is intact; the message says what is needed."""


@dataclass(slots=True)
class Stored:
    """An entry as it was kept: `fault` says what is wrong with it by itself, '' if nothing."""

    seq: int
    header: bytes
    leaf_hash: bytes | None = None  # None where only the entry is at hand: in exports
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An intact journal: `size` entries, of which those from `signed` on have no checkpoint yet."""

    size: int
    signed: int
    checkpoints: int
    head: bytes


def verify(entries: Iterable[Stored], notes: Sequence[str], keys: Sequence[Verifier]) -> Verdict:
    """Rebuild the tree and compare it with each checkpoint in `notes` (theirs and witnesses').

    Raises TamperedError, or UncheckedError when there is nothing to compare with.
    """
    checkpoints = sorted(read_notes(notes, keys), key=lambda checkpoint: checkpoint.size)
    if not checkpoints:
        raise UncheckedError(
            "there is no checkpoint: make one (cyberdesk audit checkpoint) or give a witness's "
            "copy (--checkpoint FILE)"
        )
    frontier, leaves = Frontier(), _leaves(entries)
    for checkpoint in checkpoints:
        frontier = _reach(checkpoint, frontier, leaves)
    signed = frontier.size
    frontier = frontier.extend(leaves)
    return Verdict(frontier.size, signed, len(checkpoints), frontier.head())


def read_notes(notes: Iterable[str], keys: Sequence[Verifier]) -> Iterator[Checkpoint]:
    if not keys:
        raise UncheckedError("no public key: give the journal's with --key")
    for text in notes:
        yield _read_note(text, keys)


def _read_note(text: str, keys: Sequence[Verifier]) -> Checkpoint:
    try:
        return read_checkpoint(text, *keys)
    except NoteError as error:
        size = text.split("\n")[1:2]
        named = f"the checkpoint of {size[0]} entries" if size else "a checkpoint"
        raise TamperedError(None, f"{named} is forged or damaged: {error}") from None


def _reach(checkpoint: Checkpoint, frontier: Frontier, leaves: Iterator[bytes]) -> Frontier:
    start = frontier.size
    grown = frontier.extend(islice(leaves, checkpoint.size - start))
    if grown.size < checkpoint.size:
        raise TamperedError(
            grown.size, f"the journal ends before it, but {checkpoint.size} entries were signed"
        )
    if grown.head() != checkpoint.head:
        until = f" to {checkpoint.size - 1}" if checkpoint.size - start > 1 else ""
        why = f"entries {start}{until} are not those that were signed"
        raise TamperedError(start, why, exact=False)
    return grown


def _leaves(entries: Iterable[Stored]) -> Iterator[bytes]:
    for expected, entry in enumerate(entries):
        if entry.seq != expected:
            raise TamperedError(expected, "it is missing")
        if entry.fault:
            raise TamperedError(expected, entry.fault)
        leaf = leaf_of(expected, entry.header)
        if entry.leaf_hash is not None and leaf != entry.leaf_hash:
            raise TamperedError(expected, "it was changed, or is not in its place")
        yield leaf

"""Proof of a single entry: for a court or an insurer, without the rest of the journal."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cyberdesk.core.audit.exported import decode, encode, entry_from_json
from cyberdesk.core.audit.guard import SALT_BYTES
from cyberdesk.core.audit.leaf import commits_to, leaf_of
from cyberdesk.core.audit.merkle import ProofError, inclusion_proof, verify_inclusion
from cyberdesk.core.audit.verify import TamperedError, UncheckedError, read_notes
from cyberdesk.core.crypto.signing import Verifier

FORMAT = "cyberdesk-journal-proof/1"


@dataclass(frozen=True, slots=True)
class Proved:
    """An entry that stands at `seq` among `size` signed ones; `payload` when it was shown."""

    seq: int
    size: int
    header: Mapping[str, Any]
    payload: Any = None


def make_proof(
    entry: Mapping[str, Any], leaves: Sequence[bytes], note: str, *, opened: bytes | None = None
) -> dict[str, Any]:
    """Return the proof that `entry` (`entry_as_json`) is among the `leaves` that `note` signs.

    `opened` is what its sealed payload opens to; only this one entry is opened by it.
    """
    path = [encode(node) for node in inclusion_proof(leaves, entry["seq"])]
    proof = {"format": FORMAT, **entry, "inclusion": path, "checkpoint": note}
    return proof if opened is None else {**proof, "opened": encode(opened)}


def check_proof(proof: Mapping[str, Any], keys: Sequence[Verifier]) -> Proved:
    """Verify a proof. Raises TamperedError or UncheckedError."""
    try:
        entry, note = entry_from_json(proof), proof["checkpoint"]
        path = [decode(node) for node in proof["inclusion"]]
        opened = decode(proof["opened"]) if "opened" in proof else None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UncheckedError(f"the file is not a whole proof: {error!r}") from None
    [checkpoint] = read_notes([note], keys)
    try:
        leaf = leaf_of(entry.seq, entry.header)
        verify_inclusion(leaf, entry.seq, checkpoint.size, path, checkpoint.head)
    except (ProofError, OverflowError) as error:
        raise TamperedError(entry.seq, f"it is not in the signed journal: {error}") from error
    if entry.fault:
        raise TamperedError(entry.seq, entry.fault)
    payload = _payload(entry.seq, entry.header, proof, opened)
    return Proved(entry.seq, checkpoint.size, json.loads(entry.header), payload)


def _payload(seq: int, header: bytes, proof: Mapping[str, Any], opened: bytes | None) -> Any:
    if opened is not None:
        if not commits_to(header, "plain", sha256(opened).hexdigest()):
            raise TamperedError(seq, "what is shown of its payload is not what was sealed")
        return json.loads(opened[SALT_BYTES:])
    if "stored" in proof and json.loads(header)["key"] is None:
        return json.loads(decode(proof["stored"]))
    return None

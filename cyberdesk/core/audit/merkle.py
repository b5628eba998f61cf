"""Merkle tree over the journal: heads, growth, proofs (RFC 6962 §2.1; checks by RFC 9162 §2.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_BYTES = 32
EMPTY_HEAD = sha256(b"").digest()


class ProofError(ValueError):
    """The proof does not lead to the given head."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def tree_head(leaves: Sequence[bytes]) -> bytes:
    """Head over *leaf hashes* (not leaf data).

    Pairs are joined level by level and an odd last node is lifted unchanged, which is the same
    tree as the split at the largest power of two, without recursion.
    """
    if not leaves:
        return EMPTY_HEAD
    level = list(leaves)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return level[0]


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that is needed to append: the heads of the perfect subtrees, widest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def extend(self, leaves: Iterable[bytes]) -> Frontier:
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            node, rest = leaf, size
            while rest & 1:
                node, rest = sha256(b"\x01" + peaks.pop() + node).digest(), rest >> 1
            peaks.append(node)
            size += 1
        return Frontier(size, tuple(peaks))

    def head(self) -> bytes:
        if not self.peaks:
            return EMPTY_HEAD
        *rest, node = self.peaks
        for peak in reversed(rest):
            node = node_hash(peak, node)
        return node

    def to_bytes(self) -> bytes:
        """Size as 8 bytes big-endian, then one 32-byte hash for each set bit of the size."""
        return self.size.to_bytes(8, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> Frontier:
        size, body = int.from_bytes(data[:8], "big"), data[8:]
        if len(data) < 8 or len(body) != HASH_BYTES * size.bit_count():  # noqa: PLR2004
            raise ValueError(f"a frontier of {size} leaves cannot be {len(data)} bytes long")
        return cls(size, tuple(body[i : i + HASH_BYTES] for i in range(0, len(body), HASH_BYTES)))


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962 §2.1.1, from the leaf upwards."""
    if not 0 <= index < len(leaves):
        raise ProofError(f"no leaf {index} in a tree of {len(leaves)}")
    low, high, proof = 0, len(leaves), []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(tree_head(leaves[middle:high]))
            high = middle
        else:
            proof.append(tree_head(leaves[low:middle]))
            low = middle
    return proof[::-1]


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """PROOF(m, D[n]) of RFC 6962 §2.1.2; empty when nothing was or nothing was added."""
    if not 0 <= old_size <= len(leaves):
        raise ProofError(f"a tree of {len(leaves)} never had {old_size} leaves")
    if old_size in (0, len(leaves)):
        return []
    low, high, proof = 0, len(leaves), []
    while high != old_size:
        middle = low + _split(high - low)
        if old_size <= middle:
            proof.append(tree_head(leaves[middle:high]))
            high = middle
        else:
            proof.append(tree_head(leaves[low:middle]))
            low = middle
    if low:  # otherwise the old tree is itself a node here and its head is known
        proof.append(tree_head(leaves[low:high]))
    return proof[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], head: bytes
) -> None:
    """RFC 9162 §2.1.3.2; `leaf` is a leaf hash. Raises ProofError."""
    if not 0 <= index < size:
        raise ProofError(f"no leaf {index} in a tree of {size}")
    node, last = leaf, size - 1
    for sibling in proof:
        if last == 0:
            raise ProofError("the inclusion proof is too long")
        if index & 1 or index == last:
            node = node_hash(sibling, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        index, last = index >> 1, last >> 1
    if last or node != head:
        raise ProofError("the inclusion proof does not lead to this tree head")


def verify_consistency(
    old_size: int, size: int, proof: Sequence[bytes], old_head: bytes, head: bytes
) -> None:
    """RFC 9162 §2.1.4.2: the tree of `old_size` is the beginning of that of `size`."""
    if not 0 <= old_size <= size:
        raise ProofError(f"a tree of {size} never had {old_size} leaves")
    if old_size in (0, size):
        expected = EMPTY_HEAD if old_size == 0 else head
        if proof or old_head != expected:
            raise ProofError("the two tree heads differ where they must be equal")
        return
    old_node, node = _climb(old_size, size, proof, old_head)
    if old_node != old_head or node != head:
        raise ProofError("the consistency proof does not lead to both tree heads")


def _climb(
    old_size: int, size: int, proof: Sequence[bytes], old_head: bytes
) -> tuple[bytes, bytes]:
    path = list(proof) if old_size & (old_size - 1) else [old_head, *proof]
    if not path:
        raise ProofError("the consistency proof is empty")
    index, last = old_size - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    old_node = node = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("the consistency proof is too long")
        if index & 1 or index == last:
            old_node, node = node_hash(sibling, old_node), node_hash(sibling, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        index, last = index >> 1, last >> 1
    if last:
        raise ProofError("the consistency proof is too short")
    return old_node, node


def _split(size: int) -> int:
    """Return the largest power of two below `size` (RFC 6962 §2.1: k < n <= 2k)."""
    return 1 << (size - 1).bit_length() - 1

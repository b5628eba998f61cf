"""The tree against Certificate Transparency's known answers and RFC 6962's own recursion."""

from hashlib import sha256

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cyberdesk.core.audit.merkle import (
    EMPTY_HEAD,
    Frontier,
    ProofError,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    tree_head,
    verify_consistency,
    verify_inclusion,
)

# Certificate Transparency's reference leaves, the heads of the first 0 to 8 of them, and proofs.
HEX = "|00|10|2021|3031|40414243|5051525354555657|606162636465666768696a6b6c6d6e6f"
DATA = [bytes.fromhex(part) for part in HEX.split("|")]
LEAVES = [leaf_hash(data) for data in DATA]
HEADS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
OTHER = leaf_hash(b"something that is in no tree here")

leaf_lists = st.lists(st.binary(max_size=24), max_size=130).map(
    lambda data: [leaf_hash(d) for d in data]
)


def naive_head(data: list[bytes]) -> bytes:
    """MTH(D[n]) as RFC 6962 §2.1 writes it, from the leaf data."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    k = 1
    while k * 2 < len(data):
        k *= 2
    return sha256(b"\x01" + naive_head(data[:k]) + naive_head(data[k:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_heads_are_the_known_ones(size):
    assert tree_head(LEAVES[:size]).hex() == HEADS[size]
    assert naive_head(DATA[:size]).hex() == HEADS[size]
    assert Frontier().extend(LEAVES[:size]).head().hex() == HEADS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_the_known_ones(index, size):
    assert [h.hex() for h in inclusion_proof(LEAVES[:size], index)] == INCLUSION[index, size]


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_consistency_proofs_are_the_known_ones(old, size):
    assert [h.hex() for h in consistency_proof(LEAVES[:size], old)] == CONSISTENCY[old, size]


@given(st.lists(st.binary(max_size=20), max_size=70))
def test_level_by_level_is_the_recursion_of_the_rfc(data):
    assert tree_head([leaf_hash(d) for d in data]) == naive_head(data)


@given(leaf_lists, st.integers(0, 130))
def test_a_frontier_grows_through_storage_as_in_one_go(leaves, cut):
    stored = Frontier().extend(leaves[:cut]).to_bytes()
    grown = Frontier.from_bytes(stored).extend(leaves[cut:])
    assert grown == Frontier().extend(leaves)
    assert grown.head() == tree_head(leaves)
    assert len(grown.peaks) == len(leaves).bit_count()


@pytest.mark.parametrize("stored", [b"", b"\0" * 7, (1).to_bytes(8), (3).to_bytes(8) + b"x" * 65])
def test_a_damaged_frontier_is_refused(stored):
    with pytest.raises(ValueError, match="frontier"):
        Frontier.from_bytes(stored)


@given(leaf_lists, st.data())
def test_every_leaf_is_provable_and_nothing_else_is(leaves, data):
    assume(leaves)
    index, size = data.draw(st.integers(0, len(leaves) - 1)), len(leaves)
    head, proof = tree_head(leaves), inclusion_proof(leaves, index)
    verify_inclusion(leaves[index], index, size, proof, head)
    forged = [
        (OTHER, index, size, proof, head),
        (leaves[index], index, size, [*proof, head], head),
        (leaves[index], index, size, proof, OTHER),
        (leaves[index], size, size, proof, head),
        (leaves[index], -1, size, proof, head),
    ]
    if proof:
        flipped = [node_hash(proof[0], proof[0]), *proof[1:]]
        forged += [
            (leaves[index], index, size, proof[:-1], head),
            (leaves[index], index, size, proof[1:], head),
            (leaves[index], index, size, flipped, head),
        ]
    for case in forged:
        with pytest.raises(ProofError):
            verify_inclusion(*case)


@pytest.mark.parametrize("size", range(1, 34))
def test_a_proof_holds_for_its_own_index_only(size):
    leaves = [leaf_hash(bytes([i])) for i in range(size)]
    head = tree_head(leaves)
    for index in range(size):
        proof = inclusion_proof(leaves, index)
        for other in set(range(size)) - {index}:
            with pytest.raises(ProofError):
                verify_inclusion(leaves[index], other, size, proof, head)


@given(leaf_lists, st.data())
def test_growth_is_provable_and_rewriting_is_not(leaves, data):
    old, size = data.draw(st.integers(0, len(leaves))), len(leaves)
    head, old_head = tree_head(leaves), tree_head(leaves[:old])
    proof = consistency_proof(leaves, old)
    verify_consistency(old, size, proof, old_head, head)
    forged = [
        (old, size, [*proof, OTHER], old_head, head),
        (size + 1, size, proof, old_head, head),
        (-1, size, proof, old_head, head),
        (old, size, proof, OTHER, head),
    ]
    if old:
        forged += [
            (old, size, proof, tree_head([OTHER, *leaves[1:old]]), head),
            (old, size, proof, old_head, OTHER),
        ]
    if proof:
        forged += [
            (old, size, proof[:-1], old_head, head),
            (old, size, [], old_head, head),
            (old, size, [*proof[:-1], OTHER], old_head, head),
        ]
    for case in forged:
        with pytest.raises(ProofError):
            verify_consistency(*case)


@pytest.mark.parametrize("size", range(34))
def test_every_pair_of_sizes_is_consistent(size):
    leaves = [leaf_hash(bytes([i])) for i in range(size)]
    for old in range(size + 1):
        proof = consistency_proof(leaves, old)
        verify_consistency(old, size, proof, tree_head(leaves[:old]), tree_head(leaves))


def test_an_empty_past_is_consistent_with_all_but_only_as_empty():
    verify_consistency(0, 8, [], EMPTY_HEAD, tree_head(LEAVES))
    with pytest.raises(ProofError):
        verify_consistency(0, 8, [], LEAVES[0], tree_head(LEAVES))


def test_proofs_of_what_was_never_there_are_not_made():
    with pytest.raises(ProofError):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(ProofError):
        consistency_proof(LEAVES, 9)

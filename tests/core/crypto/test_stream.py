import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cyberdesk.core.crypto.aead import TAG_BYTES, Key, SealError
from cyberdesk.core.crypto.stream import (
    CHUNK_BYTES,
    HEADER_BYTES,
    seal_stream,
    stream_key_id,
    unseal_stream,
)

KEY = Key.generate()
SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES
PLAIN = b"a" * CHUNK_BYTES + b"b" * CHUNK_BYTES + b"c" * 10


def sealed(plain: bytes) -> bytes:
    return b"".join(seal_stream([plain], key=KEY))


def opened(data: bytes) -> bytes:
    return b"".join(unseal_stream(io.BytesIO(data), key_by_id={KEY.id: KEY}.__getitem__))


def cut(data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Return the header and the three sealed chunks of PLAIN."""
    body = data[HEADER_BYTES:]
    first, second = body[:SEALED_CHUNK], body[SEALED_CHUNK : 2 * SEALED_CHUNK]
    return data[:HEADER_BYTES], first, second, body[2 * SEALED_CHUNK :]


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 700_000]
)
def test_a_file_comes_back_whole(size):
    plain = (bytes(i * 7 % 251 for i in range(1000)) * (size // 1000 + 1))[:size]
    data = sealed(plain)
    assert opened(data) == plain
    chunks = max(1, -(-size // CHUNK_BYTES))
    assert len(data) == HEADER_BYTES + size + chunks * TAG_BYTES


@settings(max_examples=25)
@given(st.lists(st.integers(0, 300_000), max_size=5))
def test_how_the_input_was_cut_does_not_matter(sizes):
    pieces = [bytes([i]) * size for i, size in enumerate(sizes)]
    assert opened(b"".join(seal_stream(iter(pieces), key=KEY))) == b"".join(pieces)


HEADER, FIRST, SECOND, THIRD = cut(sealed(PLAIN))
OTHER_HEADER, _, OTHER_SECOND, _ = cut(sealed(PLAIN))


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(HEADER + SECOND + FIRST + THIRD, id="swapped"),
        pytest.param(HEADER + SECOND + THIRD, id="first dropped"),
        pytest.param(HEADER + FIRST + THIRD, id="middle dropped"),
        pytest.param(HEADER + FIRST + SECOND, id="last dropped"),
        pytest.param(HEADER + FIRST + FIRST + SECOND + THIRD, id="doubled"),
        pytest.param(HEADER + FIRST + SECOND + THIRD[:-1], id="cut inside"),
        pytest.param(HEADER, id="cut to the header"),
        pytest.param(HEADER + FIRST + SECOND + THIRD + b"x", id="lengthened"),
        pytest.param(HEADER + FIRST + OTHER_SECOND + THIRD, id="from another file"),
        pytest.param(OTHER_HEADER + FIRST + SECOND + THIRD, id="another header"),
    ],
)
def test_a_rearranged_file_does_not_open(damaged):
    with pytest.raises(SealError):
        opened(damaged)


def test_the_file_that_was_rearranged_does_open():
    assert opened(HEADER + FIRST + SECOND + THIRD) == PLAIN


@given(st.integers(0, HEADER_BYTES + 55), st.integers(1, 255))
def test_no_changed_byte_passes(position, change):
    data = bytearray(sealed(b"evidence: forty bytes of it, all told..."))
    data[position] ^= change
    with pytest.raises((SealError, KeyError)):
        opened(bytes(data))


def test_nothing_of_a_bad_chunk_is_released():
    data = sealed(PLAIN)[:-1] + b"\0"
    stream = unseal_stream(io.BytesIO(data), key_by_id=lambda _: KEY)
    assert next(stream) == b"a" * CHUNK_BYTES
    assert next(stream) == b"b" * CHUNK_BYTES
    with pytest.raises(SealError, match="chunk 2"):
        next(stream)


@pytest.mark.parametrize("data", [b"", b"CDF\x01", b"PK\x03\x04" + b"x" * 200])
def test_a_foreign_file_is_named_as_such(data):
    with pytest.raises(SealError, match="not a file sealed"):
        opened(data)


def test_the_header_names_the_key():
    assert stream_key_id(sealed(b"x")[:HEADER_BYTES]) == KEY.id


def test_memory_stays_at_a_few_chunks():
    served = 0

    def endless():
        nonlocal served
        while True:
            served += 1
            yield b"x" * CHUNK_BYTES

    stream = seal_stream(endless(), key=KEY)
    for _ in range(4):
        next(stream)
    assert served <= 6

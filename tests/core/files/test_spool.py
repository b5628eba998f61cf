"""An upload waits sealed: nothing of it lies open on a disk."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cyberdesk.core.crypto.stream import CHUNK_BYTES
from cyberdesk.core.files.spool import SealedSpool


def filled(*pieces: bytes) -> SealedSpool:
    spool = SealedSpool()
    for piece in pieces:
        assert spool.write(piece) == len(piece)
    return spool


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(0, 400_000), max_size=5),
    st.integers(0, 1_500_000),
    st.integers(0, 600_000),
)
def test_it_reads_like_a_file(sizes, start, length):
    pieces = [bytes([i + 1]) * size for i, size in enumerate(sizes)]
    whole = b"".join(pieces)
    spool = filled(*pieces)
    assert spool.tell() == len(whole)
    spool.seek(0)
    assert spool.read() == whole
    spool.seek(start)
    assert spool.read(length) == whole[start : start + length]
    assert spool.seek(0, io.SEEK_END) == len(whole)


def test_a_small_upload_touches_no_disk_and_a_large_one_is_sealed():
    assert filled(b"x" * CHUNK_BYTES)._file is None
    spool = filled(b"secret" * CHUNK_BYTES)
    spool._file.seek(0)
    raw = spool._file.read()
    assert len(raw) > 5 * CHUNK_BYTES
    assert b"secretsecret" not in raw


def test_two_spools_have_two_keys():
    raw = []
    for _ in range(2):
        spool = filled(b"s" * 2 * CHUNK_BYTES)
        spool._file.seek(0)
        raw.append(spool._file.read())
    assert raw[0] != raw[1]


def test_it_is_written_once_from_its_beginning():
    spool = filled(b"abc")
    spool.seek(0)
    with pytest.raises(io.UnsupportedOperation):
        spool.write(b"x")


def test_the_file_is_gone_when_it_is_closed():
    spool = filled(b"x" * 2 * CHUNK_BYTES)
    inner = spool._file
    spool.close()
    assert inner.closed
    assert spool.closed


def test_a_browsers_upload_goes_through_it(database):
    from werkzeug.test import EnvironBuilder

    from cyberdesk.core.web.application import HouseRequest

    content = b"evidence" * CHUNK_BYTES
    builder = EnvironBuilder(method="POST", data={"file": (io.BytesIO(content), "x.bin")})
    request = HouseRequest(builder.get_environ())
    upload = request.files["file"]
    assert isinstance(upload.stream, SealedSpool)
    assert upload.stream.read() == content

"""Where an upload waits until it is stored: in memory, then sealed in a nameless file.

The key exists only in this object, so that what is left of the file, if the machine stops in the
middle, can be read by nobody.
"""

import io
import os
import tempfile
from typing import IO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cyberdesk.core.crypto.aead import NONCE_BYTES, TAG_BYTES
from cyberdesk.core.crypto.stream import CHUNK_BYTES


class SealedSpool(io.RawIOBase):
    """Written once from its beginning to its end, then read from any place."""

    def __init__(self) -> None:
        self._cipher = AESGCM(AESGCM.generate_key(256))
        self._file: IO[bytes] | None = None
        self._full = 0  # chunks in the file
        self._rest = bytearray()  # what follows them
        self._at = 0
        self._read: tuple[int, bytes] = (-1, b"")  # the chunk that was opened last

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    @property
    def _size(self) -> int:
        return self._full * CHUNK_BYTES + len(self._rest)

    def write(self, data: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]
        if self._at != self._size:
            raise io.UnsupportedOperation("an upload is written once, from beginning to end")
        self._rest += data
        while len(self._rest) > CHUNK_BYTES:
            self._put(bytes(self._rest[:CHUNK_BYTES]))
            del self._rest[:CHUNK_BYTES]
        self._at = self._size
        return len(data)

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        index, offset = divmod(self._at, CHUNK_BYTES)
        piece = self._chunk(index)[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def read(self, size: int = -1, /) -> bytes:
        """Return `size` bytes, fewer only at the end."""
        wanted = self._size - self._at if size is None or size < 0 else size
        found = bytearray()
        while len(found) < wanted and (piece := super().read(wanted - len(found))):
            found += piece
        return bytes(found)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()

    def _put(self, chunk: bytes) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by close()
        self._file.seek(0, os.SEEK_END)
        self._file.write(self._cipher.encrypt(_nonce(self._full), chunk, None))
        self._full += 1

    def _chunk(self, index: int) -> bytes:
        if index > self._full:
            return b""
        if index == self._full:
            return bytes(self._rest)
        if self._read[0] != index:
            assert self._file is not None
            self._file.seek(index * (CHUNK_BYTES + TAG_BYTES))
            sealed = self._file.read(CHUNK_BYTES + TAG_BYTES)
            self._read = (index, self._cipher.decrypt(_nonce(index), sealed, None))
        return self._read[1]


def _nonce(index: int) -> bytes:
    return index.to_bytes(NONCE_BYTES, "big")  # the key is of this spool alone

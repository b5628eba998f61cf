"""Sealing of files while they are read: the STREAM construction over AES-256-GCM.

Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance" (CRYPTO 2015): each chunk's nonce is prefix ‖ counter ‖ last flag, so a chunk
that was dropped, doubled, moved or cut off does not open. Each file has its own key, derived from
the data key and a random salt, so that prefixes never meet across files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cyberdesk.core.crypto.aead import KEY_BYTES, TAG_BYTES, Key, SealError

CHUNK_BYTES = 256 * 1024
_MAGIC = b"CDF\x01"
_SALT_BYTES, _PREFIX_BYTES = 32, 7
HEADER_BYTES = len(_MAGIC) + 16 + _SALT_BYTES + _PREFIX_BYTES


def seal_stream(chunks: Iterable[bytes], *, key: Key) -> Iterator[bytes]:
    """Yield the header, then sealed chunks of CHUNK_BYTES; input pieces may have any size."""
    header = _MAGIC + key.id.bytes + os.urandom(_SALT_BYTES + _PREFIX_BYTES)
    cipher = _cipher(key, header)
    yield header
    for counter, (chunk, last) in enumerate(_mark_last(_rechunk(chunks))):
        yield cipher.encrypt(_nonce(header, counter, last=last), chunk, header)


def unseal_stream(source: BinaryIO, *, key_by_id: Callable[[UUID], Key]) -> Iterator[bytes]:
    """Yield the plain chunks, each only after its tag was checked; SealError when one is not."""
    header = source.read(HEADER_BYTES)
    cipher = _cipher(key_by_id(stream_key_id(header)), header)
    sealed = iter(lambda: source.read(CHUNK_BYTES + TAG_BYTES), b"")
    counter = -1
    for counter, (chunk, last) in enumerate(_mark_last(sealed)):
        try:
            yield cipher.decrypt(_nonce(header, counter, last=last), chunk, header)
        except InvalidTag:
            raise SealError(f"chunk {counter} of the file was changed, moved or cut off") from None
    if counter < 0:
        raise SealError("the file was cut off after its header")


def stream_key_id(header: bytes) -> UUID:
    if len(header) < HEADER_BYTES or not header.startswith(_MAGIC):
        raise SealError("this is not a file sealed by this release, or its header was cut off")
    return UUID(bytes=header[len(_MAGIC) : len(_MAGIC) + 16])


def _cipher(key: Key, header: bytes) -> AESGCM:
    salt = header[len(_MAGIC) + 16 : -_PREFIX_BYTES]
    derive = HKDF(SHA256(), KEY_BYTES, salt=salt, info=b"cyberdesk sealed file" + key.id.bytes)
    return AESGCM(derive.derive(key.secret))


def _nonce(header: bytes, counter: int, *, last: bool) -> bytes:
    return header[-_PREFIX_BYTES:] + counter.to_bytes(4, "big") + bytes([last])


def _rechunk(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield chunks of exactly CHUNK_BYTES and a shorter rest; one empty chunk for nothing."""
    buffer, seen = bytearray(), False
    for piece in pieces:
        buffer += piece
        while len(buffer) >= CHUNK_BYTES:
            seen = True
            yield bytes(buffer[:CHUNK_BYTES])
            del buffer[:CHUNK_BYTES]
    if buffer or not seen:
        yield bytes(buffer)


def _mark_last(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    iterator = iter(chunks)
    held = next(iterator, None)
    for chunk in iterator:
        assert held is not None
        yield held, False
        held = chunk
    if held is not None:
        yield held, True

"""Sealed files on disk. Where one lies follows from its content and its key, never from a name."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO, Protocol
from uuid import UUID

from cyberdesk.core.crypto.aead import Key
from cyberdesk.core.crypto.stream import CHUNK_BYTES, seal_stream
from cyberdesk.core.disk import sync_folder
from cyberdesk.core.errors import TooLargeError, UnavailableError
from cyberdesk.core.text import _

HEAD_BYTES = 8192
_DRAFTS = "drafts"


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(slots=True)
class Measure:
    """What is learned of a file while it is read once."""

    limit: int
    size: int = 0
    head: bytes = b""
    digest: Any = field(default_factory=sha256)

    def chunks(self, source: Readable) -> Iterator[bytes]:
        while chunk := source.read(CHUNK_BYTES):
            self.size += len(chunk)
            if self.size > self.limit:
                raise TooLargeError(
                    _("The file is larger than %(megabytes)d MB.", megabytes=self.limit >> 20),
                    hint=_("Send the part that matters, or several smaller files."),
                )
            self.digest.update(chunk)
            if len(self.head) < HEAD_BYTES:
                self.head = (self.head + chunk)[:HEAD_BYTES]
            yield chunk

    @property
    def sha256(self) -> bytes:
        return bytes(self.digest.digest())


def address_of(key_id: UUID, content: bytes) -> bytes:
    """Return where the content of this SHA-256 lies: the same file of two cases lies twice."""
    return sha256(b"cyberdesk file" + key_id.bytes + content).digest()


class Blobs:
    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def draft(self, source: Readable, *, key: Key, measure: Measure) -> Iterator[Path]:
        """Seal `source` into a durable draft, gone at the end unless it was `keep`t."""
        folder = self.root / _DRAFTS
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / token_hex(16)
        try:
            with _full_disk_told(), os.fdopen(_create(path), "wb") as out:
                out.writelines(seal_stream(measure.chunks(source), key=key))
                out.flush()
                os.fsync(out.fileno())
            yield path
        finally:
            path.unlink(missing_ok=True)

    def keep(self, draft: Path, address: bytes) -> None:
        """Put the draft in its place; the same content that lies there already is replaced."""
        path = self._path(address)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.rename(path)
        for folder in (path.parent, path.parent.parent, self.root):
            sync_folder(folder)

    def open(self, address: bytes) -> BinaryIO:
        return self._path(address).open("rb")

    def remove(self, address: bytes) -> None:
        self._path(address).unlink(missing_ok=True)

    def addresses(self) -> Iterator[bytes]:
        for path in self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            with suppress(ValueError):
                yield bytes.fromhex(path.name)

    def clear_drafts(self, older_than: float) -> int:
        """Remove drafts whose writer died; return how many."""
        before, removed = time.time() - older_than, 0
        for path in (self.root / _DRAFTS).glob("*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()
                    removed += 1
        return removed

    def _path(self, address: bytes) -> Path:
        name = address.hex()
        return self.root / name[:2] / name[2:4] / name


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


@contextmanager
def _full_disk_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnavailableError(
            _("The file could not be kept: %(why)s.", why=os.strerror(error.errno or 0)),
            hint=_("Nothing of it was kept. Try again later, and tell the centre."),
        ) from error


_blobs: Blobs | None = None


def use(blobs: Blobs | None) -> None:
    """Make `blobs` the store of this process."""
    global _blobs  # noqa: PLW0603  # one store per process, chosen when it starts
    _blobs = blobs


def blobs() -> Blobs:
    if _blobs is None:
        raise RuntimeError("no file store: call cyberdesk.core.files.blobs.use(Blobs(path)) first")
    return _blobs

"""Making an archive: a snapshot of the database, then the files, then a name of its own."""

import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import file_digest
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

from cyberdesk.core import clock
from cyberdesk.core.backup import erased, snapshot, tools
from cyberdesk.core.backup.manifest import Manifest
from cyberdesk.core.disk import sync_folder
from cyberdesk.core.errors import ConflictError
from cyberdesk.core.text import _

DUMP, MANIFEST, FILES, SECRETS = "database.dump", "manifest.json", "files", "secrets"


@dataclass(frozen=True, slots=True)
class Source:
    """A house to back up. `secrets` are files to take along, by the name they get, or none."""

    dsn: str
    files: Path
    journal_key: str
    secrets: Mapping[str, Path] = field(default_factory=dict)


def write(source: Source, archive: Path) -> Manifest:
    """Write `archive`, whole or not at all, while the house may run. Raises ConflictError."""
    if archive.exists():
        raise ConflictError(_("%(path)s exists already: it is kept.", path=str(archive)))
    with _half_made(archive) as half, _dumped(source, half) as (seen, dump, gone):
        stored = [(path, path.stat()) for path in _stored(source.files)]
        made = replace(
            seen,
            files=len(stored),
            stored_bytes=sum(about.st_size for _path, about in stored),
            keys=bool(source.secrets),
        )
        with _private(half).open("wb") as out, tarfile.open(fileobj=out, mode="w|") as tar:
            _add_bytes(tar, MANIFEST, made.to_bytes())
            tar.add(dump, DUMP, filter=_anonymous)
            for path, _about in stored:
                tar.add(path, f"{FILES}/{path.relative_to(source.files)}", filter=_anonymous)
            for name, path in source.secrets.items():
                tar.add(path, f"{SECRETS}/{name}", filter=_anonymous)
            tar.close()
            out.flush()
            os.fsync(out.fileno())
        half.rename(archive)
        sync_folder(archive.parent)
        erased.add(erased.beside(archive), gone)
    return made


@contextmanager
def _dumped(source: Source, half: Path) -> Iterator[tuple[Manifest, Path, list[str]]]:
    """Dump what one snapshot sees; files come after it, for a row must never lack its file."""
    path = _private(half.with_suffix(".dump"))
    try:
        with snapshot.taken(source.dsn) as seen:
            tools.dump(source.dsn, path, snapshot=seen.name)
        with path.open("rb") as dump:
            digest = file_digest(dump, "sha256").hexdigest()
        made = Manifest(
            made_at=clock.now(),
            release=version("cyberdesk"),
            schema=seen.schema,
            rows=seen.rows,
            checkpoint=seen.checkpoint,
            journal_key=source.journal_key,
            dump_sha256=digest,
        )
        yield made, path, seen.erased
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _half_made(archive: Path) -> Iterator[Path]:
    half = archive.with_name(f".{archive.name}.{os.getpid()}.part")
    try:
        yield half
    finally:
        half.unlink(missing_ok=True)


def _private(path: Path) -> Path:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return path


def _stored(root: Path) -> list[Path]:
    return sorted(root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"))


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = _anonymous(tarfile.TarInfo(name))
    member.size, member.mtime = len(content), int(clock.now().timestamp())
    tar.addfile(member, BytesIO(content))

"""Filling an empty house from an archive, and counting afterwards that all of it came."""

import hashlib
import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psycopg

from cyberdesk.core.backup import erased, snapshot, tools
from cyberdesk.core.backup.manifest import Manifest, parse
from cyberdesk.core.backup.writing import DUMP, FILES, MANIFEST, SECRETS
from cyberdesk.core.errors import ConflictError, InvalidError
from cyberdesk.core.text import _

_FILE = re.compile(rf"{FILES}/([0-9a-f]{{2}})/([0-9a-f]{{2}})/(\1\2[0-9a-f]{{60}})")
_SECRET = re.compile(rf"{SECRETS}/([a-z_]+(?:\.[a-z]+)?)")
_LARGEST_MANIFEST = 1 << 20
_KEPT_FILES = "SELECT encode(address, 'hex') FROM stored_files WHERE state = 'kept'"


@dataclass(frozen=True, slots=True)
class House:
    """An empty house: its owner's database, its folders."""

    dsn: str
    files: Path
    secrets: Path


@dataclass(slots=True)
class Restored:
    """What came: `lacking` are tables with another number of rows, `missing` files of rows."""

    manifest: Manifest
    files: int = 0
    secrets: list[str] = field(default_factory=list)
    erased: int = 0
    lacking: dict[str, tuple[int, int]] = field(default_factory=dict)
    missing: int = 0


def look(archive: Path) -> Manifest:
    """Return what the archive says of itself. Raises InvalidError."""
    with _members(archive) as members:
        return _manifest(members)


def read(archive: Path, house: House) -> Restored:
    """Fill `house`. Raises ConflictError when it is not empty, InvalidError on a bad archive."""
    _check(archive, house)
    _refuse_inhabited(house)
    with _members(archive) as members:
        restored = Restored(_manifest(members))
        for name, content in members:
            _take(name, content, house, restored)
    _reckon(archive, house, restored)
    return restored


def _check(archive: Path, house: House) -> None:
    """Read it to its end before anything is written: is it whole, is nothing in the way?"""
    with _members(archive) as members:
        manifest = _manifest(members)
        for name, content in members:
            if name == DUMP and _digest(content) != manifest.dump_sha256:
                raise InvalidError(_("The dump in this backup is damaged."))
            if (found := _SECRET.fullmatch(name)) and (house.secrets / found[1]).exists():
                raise ConflictError(
                    _("%(path)s is there already: it is kept.", path=str(house.secrets / found[1])),
                    hint=_("Move it away, or restore a backup made without keys."),
                )
            if name != DUMP and not _SECRET.fullmatch(name) and not _FILE.fullmatch(name):
                raise InvalidError(
                    _("This backup holds something unknown: %(name)s.", name=name[:100])
                )


def _digest(content: IO[bytes]) -> str:
    seen = hashlib.sha256()
    while chunk := content.read(1 << 20):
        seen.update(chunk)
    return seen.hexdigest()


def _take(name: str, content: IO[bytes], house: House, restored: Restored) -> None:
    if name == DUMP:
        tools.restore(house.dsn, content)
    elif found := _FILE.fullmatch(name):
        _copy(content, house.files / found[1] / found[2] / found[3])
        restored.files += 1
    elif found := _SECRET.fullmatch(name):
        _copy(content, house.secrets / found[1])
        restored.secrets.append(found[1])


def _reckon(archive: Path, house: House, restored: Restored) -> None:
    """Erase again what was erased since, then count."""
    with psycopg.connect(
        tools.plain(house.dsn), options="-c cyberdesk.system=on -c row_security=on"
    ) as connection:
        restored.erased = erased.destroy(connection, erased.read(erased.beside(archive)))
        now = snapshot.counted(connection)
        told = restored.manifest.rows
        restored.lacking = {
            name: (told.get(name, 0), now.get(name, 0))
            for name in sorted(told.keys() | now.keys())
            if told.get(name, 0) != now.get(name, 0)
        }
        kept = {address for (address,) in connection.execute(_KEPT_FILES)}
    restored.missing = sum(not _at(house.files, address).exists() for address in kept)


def _refuse_inhabited(house: House) -> None:
    if any(house.files.glob("[0-9a-f][0-9a-f]/*/*")) or not snapshot.empty_house(house.dsn):
        raise ConflictError(
            _("This house is not empty: nothing is overwritten."),
            hint=_("Name an empty database and folder, or move the old ones away."),
        )


@contextmanager
def _members(archive: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    try:
        with tarfile.open(archive, "r|") as tar:
            yield _files_of(tar)
    except (tarfile.TarError, EOFError) as error:
        raise InvalidError(_("This backup cannot be read to its end."), hint=str(error)) from error


def _files_of(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member) if member.isreg() else None
        if content is None:
            raise InvalidError(_("This backup holds something that is not a file."))
        yield member.name, content


def _manifest(members: Iterator[tuple[str, IO[bytes]]]) -> Manifest:
    name, content = next(members, ("", None))
    if name != MANIFEST or content is None:
        raise InvalidError(_("This is not a backup of CyberDesk."))
    return parse(content.read(_LARGEST_MANIFEST))


def _copy(content: IO[bytes], path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(content, out, 1 << 20)


def _at(root: Path, address: str) -> Path:
    return root / address[:2] / address[2:4] / address

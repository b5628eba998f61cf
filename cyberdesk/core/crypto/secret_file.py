"""Files that hold secrets: written once, whole, for their owner alone; refused when others read."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from secrets import token_hex

from cyberdesk.core.disk import sync_folder
from cyberdesk.core.errors import UnavailableError

_LIMIT = 64 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class SecretError(UnavailableError):
    """A secret is missing, malformed or open to others; the message says how to mend it."""

    code = "secret"


def read_secret(path: Path) -> str:
    try:
        with path.open("rb") as file:
            _refuse_open_to_others(path, os.fstat(file.fileno()))
            data = file.read(_LIMIT + 1)
    except FileNotFoundError:
        raise SecretError(
            f"{path} is missing: put the secret back from where you keep it"
        ) from None
    except OSError as error:
        raise SecretError(f"{path} cannot be read: {error.strerror}") from error
    if len(data) > _LIMIT:
        raise SecretError(f"{path} is larger than any secret ({_LIMIT} bytes)")
    try:
        return data.decode("ascii").strip()
    except UnicodeDecodeError:
        raise SecretError(f"{path} does not hold the text of a secret") from None


def write_secret(path: Path, text: str, *, replace: bool = False) -> None:
    """Write `text` atomically with mode 0600; an existing file is kept unless `replace`."""
    try:
        _write(path, text, replace=replace)
    except OSError as error:
        raise SecretError(f"{path} cannot be written: {error.strerror}") from error


def _write(path: Path, text: str, *, replace: bool) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{token_hex(8)}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        _put(draft, path, replace=replace)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def _put(draft: Path, path: Path, *, replace: bool) -> None:
    if replace:
        draft.replace(path)
        return
    try:
        path.hardlink_to(draft)  # unlike a rename, this never overwrites
    except FileExistsError:
        raise SecretError(f"{path} exists already and is kept") from None


def _refuse_open_to_others(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise SecretError(f"{path} is not a file")
    if status.st_mode & _OTHERS:
        mode = stat.S_IMODE(status.st_mode)
        raise SecretError(f"{path} is open to other accounts ({mode:04o}): run chmod 600 {path}")
    if status.st_uid not in (os.geteuid(), 0):
        raise SecretError(f"{path} belongs to another account: give it to the one that runs this")

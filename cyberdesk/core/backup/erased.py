"""Which data keys were destroyed: kept beside the archives, so that an older one forgets them too.

What was erased must not come back with a backup (trust.md: within 30 days). The list holds ids of
keys and nothing else.
"""

import json
import os
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from psycopg import Connection

from cyberdesk.core.disk import sync_folder

NAME = "erased.json"
_DESTROY = """
UPDATE data_keys SET wrapped = NULL, destroyed_at = coalesce(destroyed_at, now())
WHERE id = ANY(%s::uuid[]) AND wrapped IS NOT NULL
"""


def beside(archive: Path) -> Path:
    return archive.parent / NAME


def read(path: Path) -> list[str]:
    return [str(key) for key in json.loads(path.read_bytes())] if path.exists() else []


def add(path: Path, keys: Iterable[str]) -> None:
    """Add `keys` to the list at `path`: what was once erased stays on it."""
    held = sorted({*read(path), *keys})
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.write_text(json.dumps(held, indent=0) + "\n")
    half.chmod(0o600)
    half.rename(path)
    sync_folder(path.parent)


def destroy(connection: Connection[Any], keys: Collection[str]) -> int:
    """Destroy those of `keys` that a restored database still holds; return how many."""
    return connection.execute(_DESTROY, (list(keys),)).rowcount if keys else 0

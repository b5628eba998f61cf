"""What an archive says of itself: enough to know, after restoring, that all of it is there."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _

FORMAT = "cyberdesk-backup/1"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`rows` by table and `checkpoint` were read in the snapshot that was dumped.

    `dump_sha256` is of database.dump; `files` and `stored_bytes` count the encrypted files.
    """

    made_at: datetime
    release: str
    schema: str
    rows: dict[str, int]
    checkpoint: str
    journal_key: str
    dump_sha256: str = ""
    files: int = 0
    stored_bytes: int = 0
    keys: bool = False
    format: str = field(default=FORMAT)

    def to_bytes(self) -> bytes:
        told = asdict(self) | {"made_at": self.made_at.isoformat()}
        return json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def parse(raw: bytes) -> Manifest:
    """Read a manifest. Raises InvalidError when it is none, or of a later kind."""
    try:
        told: dict[str, Any] = json.loads(raw)
        if told.pop("format") != FORMAT:
            raise InvalidError(
                _("This backup was made by a later release."),
                hint=_("Restore it with the release that made it, or a later one."),
            )
        return Manifest(**told | {"made_at": datetime.fromisoformat(told["made_at"])})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidError(_("This is not a backup of CyberDesk.")) from error

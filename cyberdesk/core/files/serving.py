"""The headers under which a file is handed to a browser: as data, never as a page of ours."""

import re
from urllib.parse import quote

from cyberdesk.core.files.kinds import SHOWN_INLINE, TEXT, UNKNOWN
from cyberdesk.core.files.models import StoredFile

_UNSAFE = re.compile(r"[^A-Za-z0-9._ -]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def headers(file: StoredFile, *, inline: bool = False) -> dict[str, str]:
    """Return the headers of the answer; `inline` is granted to pictures and plain text only."""
    shown = inline and shown_inline(file)
    return {
        "Content-Type": _with_charset(file.media_type) if shown else UNKNOWN,
        "Content-Length": str(file.size),
        "Content-Disposition": _disposition("inline" if shown else "attachment", file.label),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


def shown_inline(file: StoredFile) -> bool:
    """Say whether a browser may show it by itself: a picture or plain text, by its content."""
    return file.media_type in SHOWN_INLINE


def _with_charset(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind == TEXT else kind


def _disposition(how: str, label: str) -> str:
    """RFC 6266: a plain name for old clients, the whole one beside it; no path, no hidden signs."""
    name = _CONTROL.sub("", label).replace("\\", "/").rsplit("/", 1)[-1].strip(" .") or "file"
    plain = _UNSAFE.sub("_", name)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

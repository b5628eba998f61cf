"""What a file is, told from its first bytes: a name is a label and decides nothing."""

import codecs

import puremagic

UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
EMPTY = "application/x-empty"
# What browsers may show inside a page. SVG and HTML can carry scripts and are never among them.
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", TEXT})
_MARKUP = (
    (b"<svg", "image/svg+xml"),
    (b"<!doctype html", "text/html"),
    (b"<html", "text/html"),
    (b"<script", "text/html"),
    (b"<body", "text/html"),
)


def media_type(head: bytes) -> str:
    """Return the media type of a file that begins with `head`."""
    if not head:
        return EMPTY
    if _is_text(head):
        return _markup(head) or _magic(head) or TEXT
    if head.startswith(b"PK\x03\x04"):  # which of the many formats made of ZIP, its end tells
        return "application/zip"
    return _magic(head) or UNKNOWN


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # a cut last character is no error
    except UnicodeDecodeError:
        return False
    return True


def _markup(head: bytes) -> str | None:
    lower = head.lower()
    return next((kind for mark, kind in _MARKUP if mark in lower), None)


def _magic(head: bytes) -> str | None:
    try:
        found = puremagic.magic_string(head)
    except puremagic.PureError:
        return None
    return next((match.mime_type for match in found if match.mime_type), None)

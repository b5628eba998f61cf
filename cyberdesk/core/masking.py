"""What a stranger said, fit to be kept: nobody's mailbox, and no more than a few lines of it."""

import re

LONGEST = 500
_MAILBOX = re.compile(r"[^\s<>@,;:\"'()\[\]]{1,64}@")


def masked(said: str) -> str:
    """Return `said` without the name of anybody's mailbox."""
    return _MAILBOX.sub("…@", said)[:LONGEST]

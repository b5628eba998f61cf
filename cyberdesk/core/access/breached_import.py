"""Making the list of breached passwords from a file that the operator has fetched.

Taken are lines of SHA-1 in hexadecimal, as the known collections give them: `HASH` or `HASH:COUNT`,
in the order of the hashes; or, with `words`, the passwords themselves in any order.
"""

import os
from collections.abc import Iterable, Iterator
from hashlib import sha1
from pathlib import Path

from cyberdesk.core.access.actor import Actor
from cyberdesk.core.access.breached import MAGIC, beginning
from cyberdesk.core.access.guard import allowed
from cyberdesk.core.access.signin.passwords import SHORTEST, normal
from cyberdesk.core.audit import note, recorded
from cyberdesk.core.disk import sync_folder
from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _

_BYTES = 20  # of a SHA-1
MOST_WORDS = 20_000_000  # they are sorted in memory; longer collections come as hashes


@allowed("password:list")
@recorded("password:list")
def import_breached(
    actor: Actor, *, lines: Iterable[bytes], into: Path, words: bool = False, least: int = 1
) -> int:
    """Write the list to `into`, whole or not at all; return how many passwords it holds.

    `least`: of lines with a count, only those seen so often. Raises InvalidError on a line that is
    no hash, on hashes out of order, and on an empty list, naming the line.
    """
    assert actor
    found = _of_words(lines) if words else _of_hashes(lines, least)
    held = _write(found, into)
    note(lines=None, into=None, held=held)
    return held


def _of_words(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what is kept of each word that could be a password here, sorted, each once."""
    kept: set[bytes] = set()
    for number, line in enumerate(lines, 1):
        word = normal(line.rstrip(b"\r\n").decode(errors="replace"))
        if len(word) >= SHORTEST:
            kept.add(beginning(sha1(word.encode(), usedforsecurity=False).digest()))
        if len(kept) > MOST_WORDS:
            raise InvalidError(
                _("There are too many words to sort here, at line %(line)s.", line=number),
                hint=_("Give the collection as hashes, in their order."),
            )
    yield from sorted(kept)


def _of_hashes(lines: Iterable[bytes], least: int) -> Iterator[bytes]:
    before = b""
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        digest, times = _read(text, number)
        if digest < before:
            raise InvalidError(
                _("The hash at line %(line)s is out of order.", line=number),
                hint=_("Sort the file first: LC_ALL=C sort FILE."),
            )
        if times >= least and beginning(digest) != beginning(before):
            yield beginning(digest)
        before = digest


def _read(text: bytes, number: int) -> tuple[bytes, int]:
    told, _colon, times = text.partition(b":")
    try:
        digest, seen = bytes.fromhex(told.decode()), int(times or 1)
    except ValueError:
        digest, seen = b"", 0
    if len(digest) != _BYTES:
        raise InvalidError(
            _("Line %(line)s is not a SHA-1 in hexadecimal.", line=number),
            hint=_("For a list of the passwords themselves, add --words."),
        )
    return digest, seen


def _write(found: Iterable[bytes], into: Path) -> int:
    into.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half, held = into.with_name(f".{into.name}.{os.getpid()}"), 0
    try:
        with half.open("wb") as out:
            out.write(MAGIC)
            for one in found:
                out.write(one)
                held += 1
            out.flush()
            os.fsync(out.fileno())
        if not held:
            raise InvalidError(_("There is no password in this list."))
        half.rename(into)
    finally:
        half.unlink(missing_ok=True)
    sync_folder(into.parent)
    return held

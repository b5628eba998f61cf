"""Finding values inside sentences: only what is sure, word by word; the sentences stay behind."""

import re
from collections.abc import Iterator

from cyberdesk.desk.intel.reading.lines import read_sure
from cyberdesk.desk.intel.reading.sorts import Value

LONGEST_PROSE = 100_000  # characters that are looked through at once
_LONGEST_WORD = 2048
# A value has a sign of these, or is a digest. Every other word costs no more than this look.
_HOPEFUL = re.compile(r"[.@:\\/\[{]|\((?:at|arobase|dot|point)\)|[0-9a-fA-F]{32}", re.IGNORECASE)
_SPACED = re.compile(r"\s{1,2}([\[({](?:\.|dot|point|@|at|arobase)[\])}])\s{1,2}", re.IGNORECASE)
_WORDS = re.compile(r"[\s\"“”«»‹›|]+")
_PARTS = re.compile(r"[,;<>()=]+")


def within(prose: str) -> tuple[Value, ...]:
    """Return the values that stand in `prose`, each once, in their order."""
    found: dict[tuple[str, str], Value] = {}
    for value in _values(prose[:LONGEST_PROSE]):
        found.setdefault((value.sort, value.searched), value)
    return tuple(found.values())


def _values(prose: str) -> Iterator[Value]:
    for word in _WORDS.split(_SPACED.sub(r"\1", prose)):
        if not _hopeful(word):
            continue
        if whole := read_sure(word):
            yield whole
            continue
        for part in _PARTS.split(word):
            if part != word and _hopeful(part) and (value := read_sure(part)):
                yield value


def _hopeful(word: str) -> bool:
    return len(word) <= _LONGEST_WORD and _HOPEFUL.search(word) is not None

"""Two texts line by line, only what differs with a few lines around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_AROUND = 3
_MANY = 3_000


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of one text or of both; `how` is same, gone or added, or gap between two places."""

    how: str
    text: str = ""
    before: int | None = None
    after: int | None = None


def source_lines(before: str, after: str) -> list[SourceLine]:
    """Return the lines that differ, with those around them."""
    old, new = before.splitlines(), after.splitlines()
    # Popular lines (`who: commune`) stay in the match, unless there are too many to be quick.
    matcher = SequenceMatcher(None, old, new, autojunk=len(new) > _MANY)
    groups = list(matcher.get_grouped_opcodes(_AROUND))
    found: list[SourceLine] = []
    for index, group in enumerate(groups):
        if index:
            found.append(SourceLine("gap"))
        for tag, start, end, new_start, new_end in group:
            found += _span(tag, (old, start, end), (new, new_start, new_end))
    return found


Span = tuple[list[str], int, int]


def _span(tag: str, old: Span, new: Span) -> Iterator[SourceLine]:
    lines, start, end = old
    new_lines, new_start, new_end = new
    if tag == "equal":
        for offset, line in enumerate(lines[start:end]):
            yield SourceLine("same", line, start + offset + 1, new_start + offset + 1)
        return
    for number, line in enumerate(lines[start:end], start + 1):
        yield SourceLine("gone", line, before=number)
    for number, line in enumerate(new_lines[new_start:new_end], new_start + 1):
        yield SourceLine("added", line, after=number)

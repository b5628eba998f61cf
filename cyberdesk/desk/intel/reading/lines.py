"""Reading what was pasted, line by line: each says what was found in it, or why nothing was."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import Text, _
from cyberdesk.desk.intel.reading import urls
from cyberdesk.desk.intel.reading.characters import is_broken, without_hidden
from cyberdesk.desk.intel.reading.detecting import detect, read_as
from cyberdesk.desk.intel.reading.labels import labelled
from cyberdesk.desk.intel.reading.refanging import refang
from cyberdesk.desk.intel.reading.sorts import AS_TYPED, Sort, Value

MOST_LINES = 500
LONGEST_LINE = 4096
_SHOWN = 300
_MOST_WRAPS, _MOST_PARTS, _LONGEST_DOUBT = 4, 20, 512
_BULLET = re.compile(r"^\s{0,8}(?:[-*•–—·]\s{1,4}|\d{1,3}[.)]\s{1,4})")
_PAIRS = frozenset({"«»", "“”", "‘’", '""', "''", "``", "<>", "()"})
_BETWEEN = re.compile(r"[\s,;|]+")

_TOO_LONG = _("Too long for one value: at most %(most)s characters.", most=LONGEST_LINE)
_BROKEN = _("Holds control characters: this was not meant as text.")
_UNSURE = _("Not recognised. Say what it is, or write one value per line.")
_NOT_THAT = _("This cannot be read as what is said of it.")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the paste. `problem` says why nothing was found; `number` counts from 1."""

    number: int
    text: str  # as it may be shown: cut when it is very long
    found: tuple[Value, ...] = ()
    problem: Text | None = None


def read(pasted: str, said: Mapping[int, Sort] | None = None) -> list[Line]:
    """Read every line that is not blank; `said` is what a person said of lines, by number.

    A value that comes again is remarked and stands once. Raises InvalidError for too many lines.
    """
    numbered = _numbered(pasted)
    if len(numbered) > MOST_LINES:
        raise InvalidError(
            _("At most %(most)s lines at once; here are %(count)s.",
              most=MOST_LINES, count=len(numbered)),
            hint=_("Add them in several goes."),
            fields={"text": [_("too many lines")]},
        )  # fmt: skip
    told = said or {}
    return list(_once(_line(number, text, told.get(number)) for number, text in numbered))


def read_line(number: int, text: str, said: Sort | None = None) -> Line:
    """Read one line, not blank, of a text; `number` is only told again."""
    return _line(number, text, said)


def read_sure(text: str) -> Value | None:
    """Read a word of a sentence: what it is when that is sure, with no regard to labels."""
    return None if is_broken(text) else _value(text)


def read_one(text: str, sort: Sort | None = None) -> Line:
    """Read a single value, as what `sort` says when it is given."""
    return _line(1, text, sort)


def _numbered(pasted: str) -> list[tuple[int, str]]:
    return [(n, line) for n, line in enumerate(pasted.splitlines(), 1) if line.strip()]


def _line(number: int, raw: str, said: Sort | None) -> Line:
    shown = raw.strip()[:_SHOWN]
    if len(raw) > LONGEST_LINE:
        return Line(number, shown, problem=_TOO_LONG)
    if is_broken(raw):
        return Line(number, shown, problem=_BROKEN)
    bare = _BULLET.sub("", raw).strip()
    sorts, rest = ((said,), bare) if said else labelled(bare)
    if sorts:
        found = _first(read_as_said, sorts, rest)
        return Line(number, shown, (found,) if found else (), None if found else _NOT_THAT)
    values = _values(bare)
    return Line(number, shown, values, None if values else _UNSURE)


def readable_as(text: str) -> tuple[Sort, ...]:
    """Return the sorts as which a line can be read: what a person may choose from."""
    if len(text) > _LONGEST_DOUBT or is_broken(text):
        return ()
    bare = _BULLET.sub("", text).strip()
    return tuple(sort for sort in Sort if read_as_said(sort, bare))


def read_as_said(sort: Sort, text: str) -> Value | None:
    """Read `text` as the sort that was said: names stay as typed, addresses are made whole."""
    if sort in AS_TYPED:
        return _kept(read_as((sort,), _unwrapped(text)), text)
    plain, _defanged = refang(without_hidden(text))
    return _cleaned(read_as((sort,), _bare(plain)), text)


def _first(
    way: Callable[[Sort, str], Value | None], sorts: tuple[Sort, ...], text: str
) -> Value | None:
    return next((found for sort in sorts if (found := way(sort, text))), None)


def _values(text: str) -> tuple[Value, ...]:
    """The one value of a line, or all of several: one that is unknown leaves the line aside."""
    if whole := _value(text):
        return (whole,)
    parts = [part for part in _BETWEEN.split(text) if part]
    if not 1 < len(parts) <= _MOST_PARTS:
        return ()
    found = [_value(part) for part in parts]
    return tuple(value for value in found if value) if all(found) else ()


def _value(text: str) -> Value | None:
    plain, defanged = refang(without_hidden(text))
    quoted = _unwrapped(text) != text
    found = detect(_bare(plain), defanged=defanged, quoted=quoted)
    if found and found.sort in AS_TYPED:
        # Signs without ink may be the trick itself: `facture⟨U+202E⟩fdp.exe`. They stay.
        return _kept(read_as((found.sort,), _unwrapped(text)) or found, text, found.remarks)
    return _cleaned(found, text)


def _kept(found: Value | None, text: str, more: tuple[str, ...] = ()) -> Value | None:
    hidden = ("hidden-kept",) if found and found.text != without_hidden(found.text) else ()
    return found and replace(found, remarks=(*more, *hidden))


def _cleaned(found: Value | None, text: str) -> Value | None:
    hidden = ("hidden-removed",) if without_hidden(text) != text else ()
    return found and replace(found, remarks=(*found.remarks, *hidden))


def _bare(text: str) -> str:
    """Take off quotes and brackets around a value and what a sentence puts behind it."""
    for _round in range(_MOST_WRAPS):
        before, text = text, urls.trimmed(_unwrapped(text))
        if text == before:
            break
    return text


def _unwrapped(text: str) -> str:
    text = text.strip()
    return text[1:-1].strip() if text[:1] + text[1:][-1:] in _PAIRS else text


def _once(lines: Iterator[Line]) -> Iterator[Line]:
    seen: set[tuple[Sort, str]] = set()
    for line in lines:
        marked = []
        for value in line.found:
            again = (value.sort, value.searched) in seen
            seen.add((value.sort, value.searched))
            marked.append(replace(value, remarks=(*value.remarks, "twice")) if again else value)
        yield replace(line, found=tuple(marked))

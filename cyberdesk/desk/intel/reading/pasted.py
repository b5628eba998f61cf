"""Reading whatever was pasted: a list, a report, the source of a mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cyberdesk.core.errors import InvalidError
from cyberdesk.core.text import _
from cyberdesk.desk.intel.reading.lines import LONGEST_LINE, Line, read_as_said, read_line
from cyberdesk.desk.intel.reading.mails import Mail, is_mail, read_mail
from cyberdesk.desk.intel.reading.sorts import Sort, Value
from cyberdesk.desk.intel.reading.within import within

LONGEST_PASTE = 100_000  # characters
MOST_LINES_PASTED = 2000
MOST_VALUES = 500


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was found, each value once, and the lines in which nothing was."""

    values: tuple[Value, ...]
    unread: tuple[Line, ...]
    mail: bool = False


def read_pasted(text: str, said: Mapping[int, Sort] | None = None) -> Pasted:
    """Read `text`; `said` is what a person said of lines, by number.

    A line is one value or a label and a value; else it is looked through word by word.
    Raises InvalidError when it is too long, or holds too many values.
    """
    if len(text) > LONGEST_PASTE:
        raise _refused(
            _("At most %(most)s characters at once; here are %(count)s.",
              most=LONGEST_PASTE, count=len(text))
        )  # fmt: skip
    if is_mail(text):
        return Pasted(_bounded(_of_mail(read_mail(text))), (), mail=True)
    lines = [_looked_through(line, raw) for line, raw in _lines(text, said or {})]
    values = _once([value for line in lines for value in line.found])
    return Pasted(_bounded(values), tuple(line for line in lines if not line.found))


def _of_mail(mail: Mail) -> tuple[Value, ...]:
    files = [read_as_said(Sort.FILE, name) for name in mail.files]
    return _once([*within(mail.told), *(name for name in files if name)])


def _lines(text: str, said: Mapping[int, Sort]) -> Sequence[tuple[Line, str]]:
    numbered = [(n, raw) for n, raw in enumerate(text.splitlines(), 1) if raw.strip()]
    if len(numbered) > MOST_LINES_PASTED:
        raise _refused(
            _("At most %(most)s lines at once; here are %(count)s.",
              most=MOST_LINES_PASTED, count=len(numbered))
        )  # fmt: skip
    return [(read_line(n, raw, said.get(n)), raw) for n, raw in numbered]


def _looked_through(line: Line, raw: str) -> Line:
    if line.found or (len(raw) > LONGEST_LINE and " " not in raw):
        return line
    found = within(raw)
    return replace(line, found=found, problem=None) if found else line


def _once(values: Sequence[Value]) -> tuple[Value, ...]:
    found: dict[tuple[Sort, str], Value] = {}
    for value in values:
        found.setdefault((value.sort, value.searched), value)
    return tuple(found.values())


def _bounded(values: tuple[Value, ...]) -> tuple[Value, ...]:
    if len(values) > MOST_VALUES:
        raise _refused(
            _("At most %(most)s values at once; here are %(count)s.",
              most=MOST_VALUES, count=len(values))
        )  # fmt: skip
    return values


def _refused(message: object) -> InvalidError:
    return InvalidError(message, hint=_("Add them in several goes."), fields={"text": [message]})

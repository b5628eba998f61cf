"""What a section of a dossier is made of: facts, tables and entries, in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from babel.dates import format_datetime

from cyberdesk.core.text import Text, language
from cyberdesk.core.web.formatting import ZONE

Said = Text | str


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms and what they are; those that are empty are left out."""

    pairs: Sequence[tuple[Said, Any]]

    def data(self) -> dict[str, Any]:
        pairs = [[str(term), str(held)] for term, held in self.pairs if held not in (None, "")]
        return {"kind": "facts", "pairs": pairs}


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are shares of the line; every row has as many cells."""

    columns: Sequence[Said]
    widths: Sequence[int]
    rows: Sequence[Sequence[Any]]

    def data(self) -> dict[str, Any]:
        rows = [["" if cell is None else str(cell) for cell in row] for row in self.rows]
        columns = [str(column) for column in self.columns]
        return {"kind": "table", "columns": columns, "widths": list(self.widths), "rows": rows}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something told at length: a message, a file with its hash, an observable."""

    head: Said
    meta: Said = ""
    text: str = ""
    code: str = ""

    def data(self) -> dict[str, Any]:
        held = {"head": self.head, "meta": self.meta, "text": self.text, "code": self.code}
        return {"kind": "entry"} | {name: str(text) for name, text in held.items()}


Part = Facts | Table | Entry


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter. One without parts is not printed; `note` says how to read it."""

    title: Said
    parts: Sequence[Part] = field(default_factory=tuple)
    note: Said = ""

    def data(self) -> dict[str, Any]:
        parts = [part.data() for part in self.parts]
        return {"title": str(self.title), "note": str(self.note), "parts": parts}


def moment(at: datetime | None) -> str:
    """Say an instant with its year: a dossier is read years later."""
    if at is None:
        return ""
    return str(format_datetime(at, "d MMM y HH:mm", tzinfo=ZONE, locale=language()))

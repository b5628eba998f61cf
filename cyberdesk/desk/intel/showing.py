"""Observables as pages show them: taken apart so that nobody goes there by a click, signs without
ink written out, and what to look at beside it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cyberdesk.core.access import Actor
from cyberdesk.core.text import Text
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.intel import service
from cyberdesk.desk.intel.defanging import defang, written
from cyberdesk.desk.intel.marking import LEVELS, Level, Tlp
from cyberdesk.desk.intel.models import StixObject
from cyberdesk.desk.intel.reading import KINDS, Sort, Value
from cyberdesk.desk.intel.reading.lines import read_as_said
from cyberdesk.desk.intel.vocabulary import REMARKS

_QUIET = frozenset({"twice"})
ICONS: Mapping[Sort, str] = {
    Sort.IPV4: "network",
    Sort.IPV6: "network",
    Sort.DOMAIN: "globe",
    Sort.URL: "globe",
    Sort.EMAIL: "mail",
    Sort.ACCOUNT: "user",
    Sort.MAC: "router",
    Sort.ASN: "network",
    Sort.REGISTRY: "database",
    Sort.PROCESS: "settings",
    Sort.MUTEX: "lock",
    Sort.FOLDER: "folder",
}


@dataclass(frozen=True, slots=True)
class Face:
    """A value as it is shown: `defanged` for eyes, `plain` for the clipboard alone."""

    value: Value
    remarks: tuple[Text, ...]

    @property
    def defanged(self) -> str:
        return defang(self.value)

    @property
    def plain(self) -> str:
        return self.value.text

    @property
    def written(self) -> str:
        return written(self.value)

    @property
    def kind(self) -> Text:
        return KINDS[self.value.sort].title

    @property
    def icon(self) -> str:
        return ICONS.get(self.value.sort, "file")

    @property
    def key(self) -> str:
        """What names the value in a form; it says nothing to who does not hold the value."""
        told = f"{self.value.sort}\x00{self.value.searched}".encode()
        return hashlib.sha256(told).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Shown:
    """An observable of a case, its indicator, and the other cases in which it was seen."""

    row: StixObject
    face: Face
    indicator: StixObject | None = None
    elsewhere: tuple[Case, ...] = ()

    @property
    def level(self) -> Level:
        return LEVELS[self.row.tlp]


def face(value: Value) -> Face:
    """Return how `value` is shown; what is kept is read again, for its remarks are not kept."""
    read = value if value.remarks else read_as_said(value.sort, value.text)
    remarks = read.remarks if read else ()
    return Face(value, tuple(REMARKS[one] for one in remarks if one not in _QUIET))


def shown(actor: Actor, case: Case, rows: Sequence[StixObject]) -> list[Shown]:
    """Return `rows` as a page shows them, with three statements however many they are."""
    made = service.indicated(actor, case, rows)
    others = service.elsewhere(actor, case, [row.value for row in rows])
    return [
        Shown(row, face(row.value), made.get(row.id), tuple(others.get(row.value, ())))
        for row in rows
    ]


def levels() -> list[tuple[str, str]]:
    """The levels as choices: « TLP:AMBER · the receiving organisation… »."""
    return [(str(tlp), f"{LEVELS[tlp].name} · {LEVELS[tlp].meaning}") for tlp in Tlp]


def bare(values: Iterable[Value]) -> list[Value]:
    """Return values as they are kept, without what was remarked while reading them."""
    return [replace(value, remarks=()) for value in values]

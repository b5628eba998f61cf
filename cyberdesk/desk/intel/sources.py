"""What people have written in a case, where observables may stand: a port that rooms fill.

A room that holds texts of the victim's side registers a function; nothing is copied, and what was
erased there is proposed here no more.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cyberdesk.core.access import Actor
from cyberdesk.core.text import Text
from cyberdesk.desk.cases.models import Case


@dataclass(frozen=True, slots=True)
class Written:
    """A text of a case. `source` is one of vocabulary.SOURCES, `id` what it stands in.

    `label` says what it is, to the desk: « message of Nora Nord ». `lines` are values already, one
    each, such as the name and the hash of a file.
    """

    source: str
    id: UUID
    label: Text | str
    at: datetime
    text: str = ""
    lines: tuple[str, ...] = ()


Told = Callable[[Actor, Case], Iterable[Written]]
_sources: dict[str, Told] = {}


def register(name: str, told: Told) -> None:
    """Let `told(actor, case)` say what was written; the same name again replaces it."""
    _sources[name] = told


def written(actor: Actor, case: Case) -> Iterable[Written]:
    for told in _sources.values():
        yield from told(actor, case)

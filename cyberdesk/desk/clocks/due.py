"""What a strand says of its obligations: the port between the law in YAML and the clocks here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cyberdesk.desk.cases.models import Case


@dataclass(frozen=True, slots=True)
class Due:
    """An obligation that applies to a case, with its instants in UTC. `due_at` None: at once."""

    name: str
    title: Mapping[str, str]
    started_at: datetime
    due_at: datetime | None
    force: str = "must"
    reminders: tuple[datetime, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)


Met = Mapping[str, datetime]  # when an obligation was met, by its name
Obligations = Callable[[Case, datetime, Met], Iterable[Due]]
_by_strand: dict[str, Obligations] = {}


def register(strand: str, obligations: Obligations) -> None:
    """Let `obligations(case, awareness, met)` say which clocks run for the strand's cases."""
    _by_strand[strand] = obligations


def dues_of(case: Case, awareness: datetime, met: Met) -> list[Due]:
    found = _by_strand.get(case.strand)
    return list(found(case, awareness, met)) if found else []

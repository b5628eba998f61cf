"""What a strand knows of its incidents, in the words of Incident Core 2.0: a port it may fill."""

from collections.abc import Callable
from dataclasses import dataclass

from cyberdesk.desk.cases.models import Case


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """`types` are of event-type-ov, `detection` of detection-methods-ov. Codes, never words."""

    types: tuple[str, ...] = ()
    detection: tuple[str, ...] = ()


Told = Callable[[Case], IncidentFacts]
_by_strand: dict[str, Told] = {}
_NOTHING = IncidentFacts()


def register(strand: str, told: Told) -> None:
    """Let `told(case)` say what is known of an incident of the strand."""
    _by_strand[strand] = told


def facts_of(case: Case) -> IncidentFacts:
    found = _by_strand.get(case.strand)
    return found(case) if found else _NOTHING

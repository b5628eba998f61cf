"""What a case tells its playbooks: `case.severity`, `case.aware_at`, and what its strand knows."""

from collections.abc import Callable, Mapping

from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.clocks.service import awareness_of
from cyberdesk.desk.playbooks.matching import LEVELS
from cyberdesk.desk.playbooks.values import Value

Teller = Callable[[Case], Mapping[str, Value]]
_tellers: dict[str, Teller] = {}


def provide(strand: str, teller: Teller) -> None:
    """Let `teller(case)` add facts of a strand's cases, by bare name: `it_staff`, `insured`…"""
    _tellers[strand] = teller


def facts_of(case: Case) -> dict[str, Value]:
    """Return every fact by its full name, `case.…`; what nobody knows is None."""
    aware = awareness_of(case)
    told: dict[str, Value] = {
        "reference": case.reference,
        "organisation": case.organisation.name,
        "type": case.subject,
        "severity": LEVELS.get(case.level),
        "exercise": case.exercise,
        "declared_at": case.opened_at.isoformat().replace("+00:00", "Z"),
        "aware_at": aware.isoformat().replace("+00:00", "Z") if aware else None,
    }
    teller = _tellers.get(case.strand)
    more = teller(case) if teller else {}
    return {f"case.{name}": value for name, value in {**told, **more}.items()}

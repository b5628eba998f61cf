"""The door of the room's API, and what its answers are made from."""

from collections.abc import Sequence

from cyberdesk.core.web.api import Answer, ApiDoor
from cyberdesk.core.web.identity import actor
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.intel import service
from cyberdesk.desk.intel.api.shapes import ObservableOut, observable_out
from cyberdesk.desk.intel.models import StixObject

door = ApiDoor("intel", __name__, tag="Observables")


def reached(reference: str) -> Case:
    """Return the case, journalling the reading. Raises NotFoundError for any that is not theirs."""
    return cases.access_case(actor(), reference)


def shown(found: StixObject) -> Answer:
    """Answer with one observable as it is now, and its entity tag."""
    (out,) = all_shown(found.case, [found])
    return Answer(out, version=version_of(found))


def all_shown(case: Case, rows: Sequence[StixObject]) -> list[ObservableOut]:
    """Return `rows` with the indicators made from them: one statement for all."""
    made = service.indicated(actor(), case, rows)
    return [observable_out(row, made.get(row.id)) for row in rows]


def version_of(found: StixObject) -> str:
    return f"{int(found.changed_at.timestamp() * 1_000_000):x}"

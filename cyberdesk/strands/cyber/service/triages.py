"""The triage of a case: what was found when it was declared, or an empty one to write into."""

from typing import Any

from cyberdesk.core import clock
from cyberdesk.core.db import keep, session
from cyberdesk.desk.cases.models import Case
from cyberdesk.strands.cyber.case_facts import triage_of
from cyberdesk.strands.cyber.models import Triage


def held_triage(case: Case) -> Triage:
    """Return the triage of the case; one that was opened by hand gets its own."""
    return triage_of(case) or _by_hand(case)


def _by_hand(case: Case) -> Triage:
    empty: dict[str, list[Any]] = {"types": [], "factors": [], "floors": [], "lookalikes": []}
    made = Triage(
        id=case.id,
        case=case,
        case_id=case.id,
        doubts=[],
        made_at=clock.now(),
        corrected={},
        **empty,
    )
    session().add(keep(made))
    return made

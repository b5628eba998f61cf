"""What a case knows: the answers of its declaration, and what the desk has settled since."""

from collections.abc import Mapping
from typing import Any

from cyberdesk.core.access.models import Organisation
from cyberdesk.core.db import kept, seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.strands.cyber.facts import Fact, facts, meant
from cyberdesk.strands.cyber.models import Triage

_CLASSED = {"commune", "epci"}  # the bill's reading of them stands in the directory
_NIS2 = {"EE": "essential", "EI": "important"}


def answers_of(case: Case) -> Mapping[str, Any]:
    """Return the answers that the case was opened with; none for one opened by hand."""
    with seeing(SYSTEM):
        declared = session().get(Declaration, case.declaration_id) if case.declaration_id else None
        return declared.answers if declared else {}


def triage_of(case: Case) -> Triage | None:
    """Return what triage found, whoever asks: the caller decides what may be shown."""
    with seeing(SYSTEM):
        return kept(Triage, case.id) or session().get(Triage, case.id)


def facts_of(case: Case) -> dict[str, Fact]:
    """Return every fact: told by answers, settled kind and directory, or as it was corrected."""
    triage = triage_of(case)
    told = told_facts(case, triage)
    corrected = triage.corrected if triage else {}
    return told | {name: meant(said) for name, said in corrected.items() if name in told}


def told_facts(case: Case, triage: Triage | None) -> dict[str, Fact]:
    """Return the facts as they are told, whatever a responder has corrected since."""
    confirmed = triage.settled_type if triage else None
    return facts(answers_of(case), confirmed=confirmed, **_of_the_directory(case.organisation))


def _of_the_directory(organisation: Organisation) -> dict[str, Fact]:
    """What the directory knows of the victim; a kind it says nothing of stays unknown."""
    kind, said = organisation.kind, (organisation.facts or {}).get("nis2_bill")
    known = kind in _CLASSED and "nis2_bill" in (organisation.facts or {})
    return {
        "serves_others": True if kind == "epci" else False if kind == "commune" else None,
        "nis2_category": _NIS2.get(str(said), "none") if known else None,
    }

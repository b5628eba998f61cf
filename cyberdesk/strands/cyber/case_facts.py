"""What a case knows: the answers of its declaration, and what the desk has settled since."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from cyberdesk.core.db import seeing, session
from cyberdesk.core.db.rls import SYSTEM
from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.strands.cyber.facts import Fact, facts
from cyberdesk.strands.cyber.models import Triage


def answers_of(case: Case) -> Mapping[str, Any]:
    """Return the answers that the case was opened with; none for one opened by hand."""
    with seeing(SYSTEM):
        declared = session().get(Declaration, case.declaration_id) if case.declaration_id else None
        return declared.answers if declared else {}


def triage_of(case: Case) -> Triage | None:
    """Return what triage found, whoever asks: the caller decides what may be shown."""
    with seeing(SYSTEM):
        return session().scalar(select(Triage).where(Triage.case_id == case.id))


def facts_of(case: Case) -> dict[str, Fact]:
    triage = triage_of(case)
    return facts(answers_of(case), confirmed=triage.settled_type if triage else None)

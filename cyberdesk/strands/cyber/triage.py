"""Triage of a declaration: how grave, what it looks like, whether we know of it already."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from cyberdesk.core import clock
from cyberdesk.core.access import system
from cyberdesk.core.access.models import Organisation
from cyberdesk.core.db import keep, kept, session
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import OPEN, Case
from cyberdesk.desk.declarations.models import Declaration
from cyberdesk.strands.cyber.classification import AttackTypeProposal, classify
from cyberdesk.strands.cyber.content import Text
from cyberdesk.strands.cyber.headline import headline
from cyberdesk.strands.cyber.models import Triage
from cyberdesk.strands.cyber.severity import Severity, assess
from cyberdesk.strands.cyber.taxonomy import UNKNOWN

STRAND = "cyber"
INCIDENT = "incident"
_HOUSE = system("intake")
_REMEMBERED = timedelta(days=30)
_SHORTLY = timedelta(hours=48)
_MOST_LOOKALIKES = 5


def open_case(declaration: Declaration, organisation: Organisation) -> Case:
    """Open the case of a declaration, under its key and reference, with what triage found."""
    answers = declaration.answers
    severity, types = assess(answers), classify(answers)
    found = types[0]
    lookalikes = _lookalikes(organisation, found.type, clock.now())
    case = cases.open_case(
        _HOUSE,
        strand=STRAND,
        kind=INCIDENT,
        organisation_id=organisation.id,
        key_id=declaration.key_id,
        title=_both(headline(found.type, answers)),
        subject=found.type,
        rsit=found.rsit[0] if found.rsit else None,
        severity=severity.score,
        level=severity.level.number,
        severity_why=_both(severity.why),
        declaration_id=declaration.id,
        reference=declaration.reference,
        exercise=declaration.exercise,
    )
    found_out = _triage(case, severity, types, lookalikes, declaration.doubts)
    session().add(keep(found_out))
    return case


def _triage(
    case: Case,
    severity: Severity,
    types: list[AttackTypeProposal],
    lookalikes: list[dict[str, Any]],
    doubts: list[str],
) -> Triage:
    return Triage(
        id=case.id,
        case=case,
        case_id=case.id,
        types=[_proposal(one) for one in types],
        factors=[_factor(one) for one in severity.factors],
        floors=[_both(text) for text in severity.floors],
        lookalikes=lookalikes,
        doubts=list(doubts),
        corrected={},
        made_at=clock.now(),
    )


def _lookalikes(organisation: Organisation, kind: str, now: datetime) -> list[dict[str, Any]]:
    """Return what may be the same affair; only ever of the same organisation."""
    if kept(Organisation, organisation.id):
        return []  # it was made for this declaration
    recent = or_(Case.state == OPEN, Case.opened_at > now - _REMEMBERED)
    others = (
        select(Case.id, Case.reference, Case.subject, Case.opened_at)
        .where(Case.organisation_id == organisation.id, Case.strand == STRAND, recent)
        .order_by(Case.opened_at.desc())
        .limit(_MOST_LOOKALIKES)
    )
    return [
        {
            "case": str(row.id),
            "reference": row.reference,
            "same_type": row.subject == kind and kind != UNKNOWN,
            "shortly": now - row.opened_at < _SHORTLY,
        }
        for row in session().execute(others)
    ]


def _proposal(found: AttackTypeProposal) -> dict[str, Any]:
    return {
        "type": found.type,
        "rsit": list(found.rsit),
        "confidence": round(found.confidence * 100),
        "reasons": [_both(reason) for reason in found.reasons],
    }


def _factor(factor: Any) -> dict[str, Any]:
    return {
        "name": factor.name,
        "title": _both(factor.title),
        "value": round(factor.value * 100),
        "label": _both(factor.label),
        "in_doubt": factor.in_doubt,
    }


def _both(text: Text) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}


def look_again(found: Triage, severity: Severity, types: list[AttackTypeProposal]) -> None:
    """Keep what the answers of a case tell by now, in place of what they told first."""
    found.types = [_proposal(one) for one in types]
    found.factors = [_factor(one) for one in severity.factors]
    found.floors = [_both(text) for text in severity.floors]

"""The triage of a case: what was found when it was declared, or an empty one to write into."""

from typing import Any

from cyberdesk.core import clock
from cyberdesk.core.access import Actor, system
from cyberdesk.core.db import keep, session
from cyberdesk.desk.cases import service as cases
from cyberdesk.desk.cases.models import Case
from cyberdesk.strands.cyber.case_facts import triage_of
from cyberdesk.strands.cyber.classification import classify
from cyberdesk.strands.cyber.headline import headline
from cyberdesk.strands.cyber.models import Triage
from cyberdesk.strands.cyber.severity import assess
from cyberdesk.strands.cyber.taxonomy import UNKNOWN
from cyberdesk.strands.cyber.triage import look_again
from cyberdesk.strands.cyber.weighing import weighed

_HOUSE = system("triage")


def held_triage(case: Case) -> Triage:
    """Return the triage of the case; one that was opened by hand gets its own."""
    return triage_of(case) or _by_hand(case)


def requalify(actor: Actor, case: Case, found: Triage) -> None:
    """Weigh the case again: by its answers, the facts corrected since, and the kind settled.

    One opened by hand has no answers to weigh: it keeps the severity it was given.
    """
    answers = weighed(case)
    types = classify(answers) if answers else []
    kind = found.settled_type or (types[0].type if types else case.subject) or UNKNOWN
    rsit = found.settled_rsit or next((one for each in types[:1] for one in each.rsit), None)
    told: dict[str, Any] = {
        "severity": case.computed_severity,
        "level": case.computed_level,
        "severity_why": case.severity_why,
    }
    if answers:
        severity = assess(answers, kind if found.settled_type else None)
        look_again(found, severity, types)
        told = {"severity": severity.score, "level": severity.level.number}
        told["severity_why"] = {"fr": severity.why.fr, "en": severity.why.en}
    title = headline(kind, answers)
    told |= {"subject": kind, "rsit": rsit, "title": {"fr": title.fr, "en": title.en}}
    cases.retriage(hand(actor, case, "case:severity"), case, **told)


def hand(actor: Actor, case: Case, permission: str) -> Actor:
    """Return who does what follows from an act: its actor or, where their rights end, the house."""
    return actor if actor.may(permission, case.place()) else _HOUSE


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

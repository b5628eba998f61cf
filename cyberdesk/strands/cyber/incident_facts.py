"""What the strand says of an incident that leaves as STIX: its kind, in the words of others."""

from cyberdesk.desk.cases.models import Case
from cyberdesk.desk.intel.facts import IncidentFacts
from cyberdesk.strands.cyber.taxonomy import load_attack_types


def told(case: Case) -> IncidentFacts:
    kind = load_attack_types().get(case.subject or "")
    return IncidentFacts(types=kind.stix if kind else ())

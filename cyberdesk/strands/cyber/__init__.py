"""The cyber strand: a commune under attack, from the call for help to the closed case."""

from datetime import timedelta

from cyberdesk.core.text import _
from cyberdesk.strand import CaseKind, Strand

_FIVE_YEARS = timedelta(days=5 * 365)

ROOM = Strand(
    name="cyber",
    title=_("Cyber incidents"),
    case_kinds={"incident": CaseKind("incident", _("Incident"), _FIVE_YEARS)},
)

"""The cyber strand: a commune under attack, from the call for help to the closed case."""

from datetime import timedelta

from cyberdesk.core.text import _
from cyberdesk.strand import CaseKind, Strand

_FIVE_YEARS = timedelta(days=5 * 365)


def _wire() -> None:
    from cyberdesk.desk.declarations import intake
    from cyberdesk.strands.cyber.intake import CyberIntake

    intake.register(CyberIntake())


ROOM = Strand(
    name="cyber",
    title=_("Cyber incidents"),
    case_kinds={"incident": CaseKind("incident", _("Incident"), _FIVE_YEARS)},
    wire=_wire,
)

"""How the journal calls what is done with what is known of an attack."""

from cyberdesk.core.text import _

ACTS = {
    "fact:correct": _("Fact corrected"),
    "triage:settle": _("Kind of attack settled"),
    "triage:follow": _("Kind of attack left to the answers"),
}

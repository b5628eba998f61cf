"""How the journal calls what comes in."""

from cyberdesk.core.text import _

ACTS = {"arrival:mail": _("Mail that came in taken or left")}
SUBJECTS = {"arrivals": _("Mail that came in")}

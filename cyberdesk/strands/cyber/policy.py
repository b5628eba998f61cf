"""Who may do what with the triage of a case, where the role is held."""

from cyberdesk.core.access import STAFF
from cyberdesk.core.text import _

POLICY = {
    "triage:read": STAFF,  # doubts and look-alikes are the desk's own
    "triage:settle": STAFF,
    "fact:correct": STAFF,
}

# What each opens to a program.
OPENS = {
    "triage:read": _("Read what is known of an attack"),
    "fact:correct": _("Correct what is known of an attack"),
}

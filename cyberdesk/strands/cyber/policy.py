"""Who may do what with the triage of a case, where the role is held."""

from cyberdesk.core.access import STAFF

POLICY = {
    "triage:read": STAFF,  # doubts and look-alikes are the desk's own
    "triage:settle": STAFF,
    "fact:correct": STAFF,
}

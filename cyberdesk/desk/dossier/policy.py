"""Who may print a case: those who help with it, and the victim whose case it is."""

from cyberdesk.core.access import STAFF, VICTIM

POLICY = {"dossier:print": STAFF | VICTIM}

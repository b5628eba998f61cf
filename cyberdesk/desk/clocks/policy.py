from cyberdesk.core.access import STAFF, VICTIM, Role
from cyberdesk.core.text import _

_COUNTED_FOR = STAFF | VICTIM | {Role.DPO}  # what the law asks of the victim is no provider’s

POLICY = {
    "clock:read": _COUNTED_FOR,
    "clock:start": STAFF,
    "clock:done": _COUNTED_FOR,
    "clock:exclude": STAFF,
    "awareness:record": _COUNTED_FOR,
}

# What each opens to a program.
OPENS = {
    "clock:read": _("Read deadlines"),
    "clock:done": _("Say that a deadline is met"),
}

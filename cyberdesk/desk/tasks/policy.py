from cyberdesk.core.access import STAFF, VICTIM, Role
from cyberdesk.core.text import _

POLICY = {
    "task:read": STAFF | VICTIM | {Role.PROVIDER, Role.DPO},
    "task:answer": STAFF | VICTIM | {Role.PROVIDER, Role.DPO},
    "task:open": STAFF,
    "task:lead": {Role.LEAD},
}

# What each opens to a program.
OPENS = {
    "task:read": _("Read tasks"),
    "task:answer": _("Answer tasks"),
}

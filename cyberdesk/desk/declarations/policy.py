"""Who may do what with a declaration. Starting one, and coming back to one, are open to all."""

from cyberdesk.core.access import STAFF, VICTIM, Role
from cyberdesk.core.text import _

# A person who has an account may let a program declare, for any organisation, as anybody may.
_WITH_ACCOUNT = STAFF | {Role.MEMBER, Role.MANAGER}

POLICY = {
    "declaration:make": _WITH_ACCOUNT,
    "declaration:read": STAFF | VICTIM,
    "declaration:answer": {Role.DECLARANT},
    "declaration:attach": {Role.DECLARANT},
    "declaration:send": {Role.DECLARANT},
    "declaration:share": {Role.DECLARANT, Role.MANAGER, Role.MAYOR},
    "space:enter": {Role.MEMBER, Role.MANAGER, Role.MAYOR, Role.PROVIDER, Role.DPO},
}

# What each opens to a program.
OPENS = {
    "declaration:make": _("Declare an attack"),
    "declaration:read": _("Read declarations"),
}

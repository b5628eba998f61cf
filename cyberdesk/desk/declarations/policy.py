"""Who may do what with a declaration. Starting one, and coming back to one, are open to all."""

from cyberdesk.core.access import STAFF, VICTIM, Role

POLICY = {
    "declaration:read": STAFF | VICTIM,
    "declaration:answer": {Role.DECLARANT},
    "declaration:attach": {Role.DECLARANT},
    "declaration:send": {Role.DECLARANT},
    "declaration:share": {Role.DECLARANT, Role.MANAGER, Role.MAYOR},
}

from cyberdesk.core.access import STAFF, VICTIM, Role

POLICY = {
    "task:read": STAFF | VICTIM | {Role.PROVIDER},
    "task:answer": STAFF | VICTIM | {Role.PROVIDER},
    "task:open": STAFF,
    "task:lead": {Role.LEAD},
}

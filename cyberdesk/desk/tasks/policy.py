from cyberdesk.core.access import STAFF, VICTIM, Role

POLICY = {
    "task:read": STAFF | VICTIM | {Role.PROVIDER, Role.DPO},
    "task:answer": STAFF | VICTIM | {Role.PROVIDER, Role.DPO},
    "task:open": STAFF,
    "task:lead": {Role.LEAD},
}

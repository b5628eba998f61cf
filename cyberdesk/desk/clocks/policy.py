from cyberdesk.core.access import STAFF, VICTIM, Role

POLICY = {
    "clock:read": STAFF | VICTIM | {Role.PROVIDER},
    "clock:start": STAFF,
    "clock:done": STAFF | VICTIM,
    "clock:exclude": STAFF,
    "awareness:record": STAFF | VICTIM,
}

from cyberdesk.core.access import STAFF, VICTIM, Role

_COUNTED_FOR = STAFF | VICTIM | {Role.DPO}  # what the law asks of the victim is no provider’s

POLICY = {
    "clock:read": _COUNTED_FOR,
    "clock:start": STAFF,
    "clock:done": _COUNTED_FOR,
    "clock:exclude": STAFF,
    "awareness:record": _COUNTED_FOR,
}

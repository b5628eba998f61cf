from cyberdesk.core.access import STAFF, VICTIM

POLICY = {
    "clock:read": STAFF | VICTIM,  # what the law asks of the victim is no provider’s to read
    "clock:start": STAFF,
    "clock:done": STAFF | VICTIM,
    "clock:exclude": STAFF,
    "awareness:record": STAFF | VICTIM,
}

"""Who may do what with a case, where the role is held. Reading reaches no further than the case."""

from cyberdesk.core.access import STAFF, VICTIM, Role

# A provider and a data protection officer read a part of it: service/sides.py.
_INVOLVED = STAFF | VICTIM | {Role.PROVIDER, Role.DPO}

POLICY = {
    "case:list": STAFF,
    "case:read": _INVOLVED,
    "case:desk": STAFF,  # sees the desk's own page of a case, and its desk-only lines
    "case:open": STAFF,
    "case:take": STAFF,
    "case:hand-over": STAFF,
    "case:release": STAFF,
    "case:escalate": STAFF,
    "case:severity": STAFF,
    "case:link": STAFF,
    "case:note": STAFF,
    "case:chronicle": STAFF,
    "case:write": _INVOLVED,
    "case:attach": _INVOLVED,
    "case:people": STAFF,
    "case:close": STAFF,
    "case:reopen": STAFF,
    "case:journal": STAFF,
    "case:lead": {Role.LEAD},  # settles what responders escalate; hands over anybody's case
    "case:break-glass": {Role.LEAD},
}

"""Who may do what with a case, where the role is held. Reading reaches no further than the case."""

from cyberdesk.core.access import STAFF, VICTIM, Role
from cyberdesk.core.text import _

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

# What each opens to a program.
OPENS = {
    "case:read": _("Read cases"),
    "case:take": _("Take a case"),
    "case:hand-over": _("Hand a case over"),
    "case:release": _("Put a case back into the queue"),
    "case:escalate": _("Call for the lead"),
    "case:severity": _("Set how severe a case is"),
    "case:note": _("Write notes for the desk"),
    "case:write": _("Write messages in a case"),
    "case:people": _("Read the contacts of a case"),
    "case:close": _("Close a case"),
    "case:reopen": _("Reopen a case"),
}

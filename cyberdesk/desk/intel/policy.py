"""Who may do what with the observables of a case.

Nobody outside of the desk sees them: what a centre knows is marked for the centre, and its
responders say what a commune has to look for.
"""

from cyberdesk.core.access import STAFF
from cyberdesk.core.text import _

POLICY = {
    "observable:read": STAFF,
    "observable:add": STAFF,
    "observable:change": STAFF,
    "observable:retract": STAFF,
    "observable:indicate": STAFF,
    "observable:export": STAFF,
}

# What each opens to a program.
OPENS = {
    "observable:read": _("Read observables"),
    "observable:add": _("Add observables"),
    "observable:change": _("Change observables"),
    "observable:retract": _("Take observables back, put them back"),
    "observable:indicate": _("Make observables indicators"),
    "observable:export": _("Take observables out"),
}

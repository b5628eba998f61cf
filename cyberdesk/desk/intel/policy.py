"""Who may do what with the observables of a case.

Nobody outside of the desk sees them: what a centre knows is marked for the centre, and its
responders say what a commune has to look for.
"""

from cyberdesk.core.access import STAFF

POLICY = {
    "observable:read": STAFF,
    "observable:add": STAFF,
    "observable:change": STAFF,
    "observable:retract": STAFF,
    "observable:indicate": STAFF,
    "observable:export": STAFF,
}

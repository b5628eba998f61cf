"""How the journal calls what is done with observables."""

from cyberdesk.core.text import _

ACTS = {
    "observable:add": _("Observable added"),
    "observable:set-aside": _("Proposed observable set aside"),
    "observable:change": _("Observable changed"),
    "observable:retract": _("Observable taken back"),
    "observable:restore": _("Observable put back"),
    "observable:indicate": _("Observable made an indicator"),
    "observable:export": _("Observables handed over"),
}

# What an entry is about, by the table that it is a row of.
SUBJECTS = {
    "stix_objects": _("Observable"),
}

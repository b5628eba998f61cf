"""How the journal calls what is done with deadlines."""

from cyberdesk.core.text import _

ACTS = {
    "awareness:record": _("Awareness of the attack noted"),
    "clock:start": _("Deadline started"),
    "clock:done": _("Deadline met, with its proof"),
    "clock:exclude": _("Deadline said not to apply"),
    "clock:lapse": _("Deadline no longer applies"),
    "clock:resume": _("Deadline in force again"),
    "clock:move": _("Deadline computed anew"),
    "clock:breach": _("Deadline missed"),
}

# What an entry is about, by the table that it is a row of.
SUBJECTS = {
    "clocks": _("Deadline"),
}

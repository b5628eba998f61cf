"""How the journal calls what is done with the journal itself."""

from cyberdesk.core.text import _

ACTS = {
    "journal:opened": _("Journal opened"),
    "journal:verify": _("Journal verified"),
    "journal:export": _("Journal exported"),
    "journal:broken": _("Journal found broken"),
    "access:refuse": _("Access refused"),
    "house:restore": _("House restored from a backup"),
}

# What an entry is about, by the table that it is a row of.
SUBJECTS = {
    "audit_entries": _("Entry of the journal"),
    "audit_verdicts": _("Verification of the journal"),
}

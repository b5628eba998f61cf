"""How the journal calls what is done with files."""

from cyberdesk.core.text import _

ACTS = {
    "file:keep": _("File handed in and sealed"),
    "file:read": _("File read"),
    "file:verify": _("File checked, unchanged"),
    "file:damaged": _("File checked, damaged"),
    "file:erase": _("File erased"),
}

# What an entry is about, by the table that it is a row of.
SUBJECTS = {
    "stored_files": _("File"),
}

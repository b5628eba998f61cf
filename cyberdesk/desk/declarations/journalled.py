"""How the journal calls what is done with declarations."""

from cyberdesk.core.text import _

ACTS = {
    "declaration:start": _("Declaration begun"),
    "declaration:answer": _("Declaration filled in"),
    "declaration:make": _("Declaration taken down"),
    "declaration:send": _("Declaration sent"),
    "declaration:return": _("Return to a declaration"),
    "declaration:new-code": _("New code given"),
    "declaration:drop": _("Unsent declaration dropped"),
    "way:open": _("Private link opened"),
    "way:end": _("Private link ended"),
}

# What an entry is about, by the table that it is a row of.
SUBJECTS = {
    "declarations": _("Declaration"),
    "ways": _("Private link"),
}

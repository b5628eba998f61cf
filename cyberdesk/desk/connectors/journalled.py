"""How the journal calls what is done with connectors."""

from cyberdesk.core.text import _

ACTS = {
    "connector:configure": _("Connector set up"),
    "connector:switch": _("Connector switched on or off"),
    "connector:test": _("Connection tried"),
    "connector:show": _("Action of a connector tried"),
}

# What an entry is about, by the table that it is a row of.
SUBJECTS = {
    "connector_setups": _("Setup of a connector"),
}

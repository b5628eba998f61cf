"""How the journal calls what is done with connectors."""

from cyberdesk.core.text import _

ACTS = {
    "connector:configure": _("Connector set up"),
    "connector:switch": _("Connector switched on or off"),
    "connector:test": _("Connection tried"),
    "connector:show": _("Action of a connector tried"),
}

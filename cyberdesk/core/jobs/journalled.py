"""How the journal calls what is done with deliveries."""

from cyberdesk.core.text import _

ACTS = {
    "delivery:retry": _("Delivery tried again"),
    "delivery:settle": _("Delivery settled by a person"),
}
